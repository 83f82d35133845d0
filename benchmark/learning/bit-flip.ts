/**
 * npm run benchmark:bit-flip [-- SEEDS]
 *
 * What DQN learns of BitFlip with another replay: fifteen bits without hindsight and with it, eight bits without and with
 * priorities. Told is the share of each tenth's episodes that got there.
 * Andrychowicz et al. 2017, https://arxiv.org/abs/1707.01495, Figure 1.
 */
import { algorithms, bitFlip, type DqnConfig, dqn } from "belay-rl";

const seeds = Number(process.argv[2] ?? 5);

await learn("15 bits", 15, { totalSteps: 50_000, hindsight: "none" });
await learn("15 bits, final", 15, { totalSteps: 50_000, hindsight: "final" });
await learn("15 bits, future", 15, { totalSteps: 50_000, hindsight: "future" });
await learn("8 bits", 8, { totalSteps: 20_000, hindsight: "none" });
await learn("8 bits, prioritized", 8, { totalSteps: 20_000, hindsight: "none", prioritized: true });

async function learn(name: string, bits: number, changes: Partial<DqnConfig> & { readonly totalSteps: number }) {
  const options = { ...algorithms.dqn.presets["BitFlip-v0"].options, ...changes, reportEvery: changes.totalSteps / 10 };
  for (let seed = 1; seed <= seeds; seed++) {
    const shares: string[] = [];
    for await (const { episodes } of dqn(() => bitFlip({ bits }), { ...options, seed })) {
      const reached = episodes.filter(({ truncated }) => !truncated).length;
      shares.push((reached / episodes.length).toFixed(2));
    }
    console.log(`${name}, seed ${seed}: ${shares.join(" ")}`);
  }
}
