import { expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { type Box, box, type Discrete, discrete } from "../env/space.ts";
import { discreteSac } from "./discrete-sac.ts";

/** Pays 1 for choice 1 and nothing for the others; only a time limit ends an episode. Choice 2 is forbidden where `isMasked`. */
function choices(isMasked: boolean, seen: number[] = []): Env<Box, Discrete> {
  let step = 0;
  const observation = Float32Array.of(0);
  const info = isMasked ? { actionMask: Uint8Array.of(1, 1, 0) } : {};
  return {
    id: "Choices",
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(3),
    reset() {
      step = 0;
      return { observation, info };
    },
    step(action) {
      seen.push(action);
      return { observation, reward: Number(action === 1), terminated: false, truncated: ++step % 20 === 0, info };
    },
  };
}

const options = { discount: 0.9, learningRate: 1e-2, hidden: [16], batchSize: 32, tau: 0.05, totalSteps: 2000 };
const greedy = { ...options, learnTemperature: false, initialTemperature: 1e-3 };

test("the better choice for ever is worth 1/(1 − γ) = 10, because truncation is bootstrapped", async () => {
  const seen: number[] = [];
  for await (const _ of discreteSac(() => choices(false, seen), greedy));
  expect(seen.slice(-200).filter((action) => action === 1).length).toBeGreaterThan(195);
  let value = 0;
  const onlyOne = () => ({ ...choices(false), step: () => choices(false).step(1) });
  for await (const { metrics } of discreteSac(onlyOne, greedy)) value = metrics.actionValue ?? 0;
  expect(value).toBeGreaterThan(9.5);
  expect(value).toBeLessThan(10.5);
});

test("a learned temperature brings the entropy to its share of log n", async () => {
  let last = Number.NaN;
  const asked = { ...options, targetEntropyScale: 0.6, totalSteps: 4000 };
  for await (const { metrics } of discreteSac(() => choices(false), asked)) last = metrics.entropy ?? Number.NaN;
  // 0.6 · log 3 = 0.659
  expect(last).toBeGreaterThan(0.56);
  expect(last).toBeLessThan(0.76);
});

test("a forbidden action is never taken, neither by chance nor by the policy", async () => {
  const seen: number[] = [];
  for await (const _ of discreteSac(() => choices(true, seen), { ...options, totalSteps: 1000, learningStarts: 300 }));
  expect(seen).not.toContain(2);
  expect(new Set(seen).size).toBe(2);
});

test("actions that are numbers are refused", async () => {
  const pendulum = () => make("Pendulum-v1") as unknown as Env<Box, Discrete>;
  await expect(discreteSac(pendulum).next()).rejects.toThrow("discrete-sac: actions must be discrete, got box.");
});
