/**
 * npm run benchmark:hindsight [-- SEEDS]
 *
 * DQN on fifteen bits that should become fifteen others, without hindsight and with it: the share of each tenth's episodes in
 * which they did. Andrychowicz et al. 2017, https://arxiv.org/abs/1707.01495, Figure 1.
 */
import { algorithms, bitFlip, dqn } from "belay-rl";

const seeds = Number(process.argv[2] ?? 5);
const totalSteps = 50_000;
const options = { ...algorithms.dqn.presets["BitFlip-v0"].options, totalSteps, reportEvery: totalSteps / 10 };

for (const hindsight of ["none", "final", "future"] as const) {
  for (let seed = 0; seed < seeds; seed++) {
    const shares: string[] = [];
    for await (const { episodes } of dqn(() => bitFlip({ bits: 15 }), { ...options, hindsight, seed })) {
      const reached = episodes.filter(({ truncated }) => !truncated).length;
      shares.push((reached / episodes.length).toFixed(2));
    }
    console.log(`${hindsight.padEnd(6)} seed ${seed}: ${shares.join(" ")}`);
  }
}
