/**
 * A loop of one's own. An algorithm is a generator, so the caller decides what happens between two iterations: here it prints,
 * stops when the policy leaps too far, and lets the episodes grow longer as the pole stays up. A snapshot carries the
 * learning from one lesson to the next.
 */
import { make, mean, ppo, type Snapshot } from "belay-rl";

const options = { seed: 1, totalSteps: 100_000, numEnvs: 8, horizon: 64, batchSize: 128, learningRate: 1e-3 };

/** Which lessons were passed, after how many steps, and why it ended. */
export async function main({ largestKl = 0.1, print = console.log } = {}) {
  const passed: number[] = [];
  let steps = 0;
  let resume: Snapshot | undefined;

  for (const maxEpisodeSteps of [50, 200, 500]) {
    const lesson = ppo(() => make("CartPole-v1", { maxEpisodeSteps }), options, resume && { resume });
    let returns: number[] = [];
    for await (const report of lesson) {
      const kl = report.metrics.kl ?? 0;
      steps = report.steps;
      returns = [...returns, ...report.episodes.map((episode) => episode.return)].slice(-20);
      print(`${steps} steps, episodes of up to ${maxEpisodeSteps}: ${mean(returns).toFixed(1)}, KL ${kl.toFixed(4)}`);

      if (kl > largestKl) return { passed, steps, reason: "the policy leapt" };
      if (returns.length === 20 && mean(returns) >= 0.9 * maxEpisodeSteps) {
        passed.push(maxEpisodeSteps);
        resume = report.snapshot();
        break;
      }
    }
  }
  return { passed, steps, reason: passed.length === 3 ? "every lesson passed" : "out of steps" };
}

if (process.argv[1]?.endsWith("custom-loop.ts")) console.log(await main());
