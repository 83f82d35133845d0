import { expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { type Box, box } from "../env/space.ts";
import { standardDeviation } from "../math/statistics.ts";
import { algorithms } from "./registry.ts";

const names = ["ddpg", "td3", "sac"] as const;

/** Pays 1 for ever; only a time limit ends an episode. */
function endless(action: Box): Env<Box, Box> {
  let step = 0;
  const observation = Float32Array.of(0);
  return {
    id: "Endless",
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: action,
    reset() {
      step = 0;
      return { observation, info: {} };
    },
    step: () => ({ observation, reward: 1, terminated: false, truncated: ++step % 20 === 0, info: {} }),
  };
}

test.each(names)("%s: reward 1 for ever is worth 1/(1 − γ) = 10, because truncation is bootstrapped", async (name) => {
  const options = {
    totalSteps: 2000,
    discount: 0.9,
    learningRate: 1e-2,
    hidden: [16],
    batchSize: 32,
    tau: 0.05,
    ...(name === "sac" && { learnTemperature: false, initialTemperature: 1e-6 }),
  };
  let value = 0;
  for await (const { metrics } of algorithms[name].run(() => endless(box({ low: [-2], high: [5] })), options)) {
    value = metrics.actionValue ?? 0;
  }
  expect(value).toBeGreaterThan(9.5);
  expect(value).toBeLessThan(10.5);
});

test.each(names)("%s plays only actions within the Box, by chance and by policy, and all of it", async (name) => {
  const seen: number[] = [];
  const env = () => {
    const inner = endless(box({ low: [-2], high: [5] }));
    return {
      ...inner,
      step: (action: Float32Array) => {
        seen.push(action[0]);
        return inner.step(action);
      },
    };
  };
  const options = { totalSteps: 400, learningStarts: 300, hidden: [4], batchSize: 8 };
  for await (const _ of algorithms[name].run(env, options));
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(-2);
  expect(Math.max(...seen)).toBeLessThanOrEqual(5);
  expect(Math.min(...seen)).toBeLessThan(-1.8);
  expect(Math.max(...seen)).toBeGreaterThan(4.8);
  expect(new Set(seen).size).toBeGreaterThan(390);
});

test.each(names)("%s refuses actions without bounds, and choices", async (name) => {
  const { run } = algorithms[name];
  const unbounded = box({ low: [0, -1], high: [Number.POSITIVE_INFINITY, 1] });
  await expect(run(() => endless(unbounded)).next()).rejects.toThrow(
    `${name}: each action must have both its bounds, got low [0,-1], high [Infinity,1].`,
  );
  const cartPole = () => make("CartPole-v1") as unknown as Env;
  await expect(run(cartPole).next()).rejects.toThrow(`${name}: actions must be box, got discrete.`);
});

test.each(["ddpg", "td3"] as const)("%s plays around its policy with the deviation asked for", async (name) => {
  const played: number[] = [];
  const env = () => {
    const inner = endless(box({ low: [-10], high: [10] }));
    const step = (action: Float32Array) => {
      played.push(action[0]);
      return inner.step(action);
    };
    return { ...inner, step };
  };
  const options = { totalSteps: 500, learningStarts: 0, learningRate: 1e-9, hidden: [4], batchSize: 2 };
  for await (const _ of algorithms[name].run(env, { ...options, explorationNoise: 0.05 }));
  // The policy stands still, and the Box is 10 times as wide as what the networks know: 0.5 ± 0.016.
  expect(standardDeviation(played)).toBeCloseTo(0.5, 1);
});

test("td3 smooths its targets by noise within the clip: cut off at 0, it is none", async () => {
  const after = async (targetNoise: number, targetNoiseClip: number) => {
    const options = { totalSteps: 20, learningStarts: 4, hidden: [4], batchSize: 4, targetNoise, targetNoiseClip };
    let parameters: Float32Array | null = null;
    for await (const { policy } of algorithms.td3.run(() => make("Pendulum-v1"), options))
      parameters = policy.parameters;
    return parameters;
  };
  expect(await after(0.2, 0)).toEqual(await after(0, 0.5));
  expect(await after(0.2, 0.5)).not.toEqual(await after(0, 0.5));
});

test("td3's policy moves at every third gradient step if d is 3, the first time at the third", async () => {
  const options = { totalSteps: 12, learningStarts: 4, hidden: [4], batchSize: 4, policyDelay: 3, reportEvery: 1 };
  const moved: (number | undefined)[] = [];
  let before: Float32Array | null = null;
  for await (const { policy, metrics } of algorithms.td3.run(() => make("Pendulum-v1"), options)) {
    const [{ weights }] = policy.layers;
    if (before?.some((weight, i) => weight !== weights[i])) moved.push(metrics.updates);
    before = weights.slice();
  }
  expect(moved).toEqual([3, 6]);
});

test("sac refuses noise that never changes: it would never be drawn", async () => {
  const start = algorithms.sac.run(() => make("Pendulum-v1"), { noiseCorrelation: 1 }).next();
  await expect(start).rejects.toThrow("sac: noiseCorrelation must lie in [0, 1), got 1.");
});

test("sac's learned temperature brings the entropy to −1 for each action", async () => {
  // A single step that pays most at 0: the hotter, the wider.
  const once = () => ({
    ...endless(box({ low: [-1, -1], high: [1, 1] })),
    step: ([x, y]: Float32Array) => ({
      observation: Float32Array.of(0),
      reward: -x * x - y * y,
      terminated: true,
      truncated: false,
      info: {},
    }),
  });
  const options = { totalSteps: 3000, learningRate: 1e-2, hidden: [16], batchSize: 32 };
  let entropy = Number.NaN;
  for await (const { metrics } of algorithms.sac.run(once, options)) entropy = metrics.entropy ?? Number.NaN;
  expect(entropy).toBeCloseTo(-2, 0);
});
