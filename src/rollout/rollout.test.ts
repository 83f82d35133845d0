import { expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { type Box, box, type Discrete, discrete } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import { gae } from "../estimate/gae.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { createActorCritic } from "../policy/actor-critic.ts";
import { createMinibatches, shuffle, wholeBatch } from "./minibatches.ts";
import { createCollector, createRollout } from "./rollout.ts";

/** Counts its steps, pays 1 for each, and is cut (or ends) after `length`. */
function counter(length: number, ending: "terminated" | "truncated"): Env<Box, Discrete> {
  let step = 0;
  const observe = () => Float32Array.of(step);
  return {
    id: "Counter",
    observationSpace: box({ low: 0, high: 100, shape: [1] }),
    actionSpace: discrete(2),
    reset() {
      step = 0;
      return { observation: observe(), info: {} };
    },
    step() {
      step++;
      const over = step === length;
      return {
        observation: observe(),
        reward: 1,
        info: {},
        terminated: over && ending === "terminated",
        truncated: over && ending === "truncated",
      };
    },
  };
}

function collected(ending: "terminated" | "truncated", T: number) {
  const kernel = wasmKernel({ bytes: 2 ** 22 });
  const random = createRandom(2);
  const envs = vectorEnv(() => counter(3, ending), 2);
  envs.reset(0);
  const shape = { hidden: [8], activation: "tanh", sharedTrunk: false, initialLogStd: 0 } as const;
  const policy = createActorCritic(kernel, envs, shape, 16, random);
  const rollout = createRollout(kernel, envs, T);
  createCollector(kernel, envs, policy, random)(rollout);
  const criticAt = (count: number) => {
    const values = kernel.float32(1);
    const observation = kernel.float32(1);
    observation[0] = count;
    policy.values(observation, 1, values);
    return values[0];
  };
  return { kernel, rollout, criticAt };
}

test("a rollout records what was seen, and the value of what truly followed, across a cut", () => {
  const { rollout, criticAt } = collected("truncated", 5);
  // Steps 0 1 2 | 0 1 in both environments, time-major.
  expect([...rollout.observations]).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1, 1]);
  expect([...rollout.truncated]).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
  const expected = [1, 1, 2, 2, 3, 3, 1, 1, 2, 2].map(criticAt);
  for (let i = 0; i < expected.length; i++)
    expect(rollout.nextValues[i], `next value ${i}`).toBeCloseTo(expected[i], 6);
});

test("GAE over a collected rollout bootstraps a truncated step, gives a terminal successor nothing, and crosses neither", () => {
  for (const ending of ["truncated", "terminated"] as const) {
    const { kernel, rollout, criticAt } = collected(ending, 5);
    const estimates = { advantages: kernel.float32(10), returns: kernel.float32(10) };
    gae(kernel, rollout, { discount: 0.9, lambda: 0.8 }, estimates);
    const tail = ending === "truncated" ? 0.9 * criticAt(3) : 0;
    const last = 1 + tail - criticAt(2);
    const before = 1 + 0.9 * criticAt(2) - criticAt(1);
    expect(estimates.advantages[4]).toBeCloseTo(last, 5);
    expect(estimates.advantages[2]).toBeCloseTo(before + 0.9 * 0.8 * last, 5);
  }
});

test("GAE at λ = 1 is the discounted return minus the value", () => {
  const { kernel, rollout, criticAt } = collected("terminated", 3);
  const estimates = { advantages: kernel.float32(6), returns: kernel.float32(6) };
  gae(kernel, rollout, { discount: 0.9, lambda: 1 }, estimates);
  expect(estimates.returns[0]).toBeCloseTo(1 + 0.9 + 0.81, 5);
  expect(estimates.advantages[0]).toBeCloseTo(1 + 0.9 + 0.81 - criticAt(0), 5);
});

test("an epoch's minibatches hold every row once, whole, in the order given", () => {
  const { kernel, rollout } = collected("terminated", 5);
  rollout.observations.set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  rollout.logProbs.set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const numbers = () => kernel.float32(10);
  const minibatches = createMinibatches(kernel, wholeBatch(rollout, numbers(), numbers()), 4);
  shuffle(minibatches.order, createRandom(1));
  const seen: number[] = [];
  const sizes: number[] = [];
  for (const batch of minibatches.epoch()) {
    sizes.push(batch.size);
    for (let i = 0; i < batch.size; i++) {
      seen.push(batch.observations[i]);
      expect(batch.logProbs[i]).toBe(batch.observations[i]);
    }
  }
  expect(sizes).toEqual([4, 4, 2]);
  expect(seen).toEqual([...minibatches.order]);
  expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(seen).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
