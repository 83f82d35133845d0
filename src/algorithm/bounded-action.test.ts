import { expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { type Box, box } from "../env/space.ts";
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
