import { type AlgorithmName, algorithms, type EnvironmentId, make, type Report } from "belay-rl";
import { expect, test } from "vitest";
import { exactOptimum, exactReturn, openTask } from "../benchmark/learning/exact.ts";

/** Trains with the preset; then what the learned policy is worth by the task's own table, and what the best is. */
async function judged(name: AlgorithmName, id: EnvironmentId, epsilon = 0): Promise<{ worth: number; best: number }> {
  const { run, presets } = algorithms[name];
  const options = presets[id].options;
  let last: Report | undefined;
  for await (const report of run(() => make(id as string), { ...options, seed: 1, reportEvery: 100_000 }))
    last = report;
  const task = openTask(id)!;
  const discount = Number(options["discount"] ?? algorithms[name].defaults["discount"]);
  return {
    worth: exactReturn(last!.policy, task),
    best: exactOptimum(task, { discount, epsilon }),
  };
}

test.each<[AlgorithmName, EnvironmentId, number]>([
  ["q-learning", "CliffWalking-v1", -13],
  ["double-q-learning", "CliffWalking-v1", -13],
  ["q-learning", "FrozenLake-v1", 0.7402],
  ["q-learning", "Taxi-v4", 7.93],
])("%s in %s learns the best policy, which is worth %f", async (name, id, value) => {
  const { worth, best } = await judged(name, id);
  expect(best).toBeCloseTo(value, 4);
  expect(worth).toBeCloseTo(best, 9);
});

test.each<[AlgorithmName]>([["sarsa"], ["expected-sarsa"]])(
  "%s walks 15 steps along the cliff instead of 13, which is best for who stumbles one step in ten",
  async (name) => {
    const { worth, best } = await judged(name, "CliffWalking-v1", 0.1);
    expect(best).toBe(-15);
    expect(worth).toBe(-15);
  },
);
