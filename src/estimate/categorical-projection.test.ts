import { describe, expect, test } from "vitest";
import type { MakeKernel } from "../kernel/kernel.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { crossEntropy } from "../objective/cross-entropy.ts";
import type { ValueSupport } from "../policy/policy.ts";
import { createValueDistribution } from "../policy/value-distribution.ts";
import { projectCategorical } from "./categorical-projection.ts";

const numbers = (...x: readonly number[]) => Float32Array.from(x);

function project(
  support: ValueSupport,
  reward: number,
  discount: number,
  ...probabilities: readonly number[]
): number[] {
  const projected = new Float32Array(support.atoms).fill(7);
  const batch = { size: 1, rewards: numbers(reward), discounts: numbers(discount) };
  projectCategorical(batch, Float32Array.from(probabilities), support, projected);
  return [...projected].map((mass) => Math.round(mass * 1e6) / 1e6);
}

const five: ValueSupport = { low: 0, high: 8, atoms: 5 };

test("a value between two atoms is shared by how near they are", () => {
  // All mass at 2 · 0.5 + 0.5 = 1.5: a quarter at 0, three quarters at 2.
  expect(project(five, 0.5, 0.5, 0, 1, 0, 0, 0)).toEqual([0.25, 0.75, 0, 0, 0]);
});

test("a value on an atom keeps all of its mass there, at the ends as well", () => {
  expect(project(five, 0, 1, 0.1, 0.6, 0.1, 0.1, 0.1)).toEqual([0.1, 0.6, 0.1, 0.1, 0.1]);
  expect(project(five, 2, 1, 0.1, 0.6, 0.1, 0.2, 0)).toEqual([0, 0.1, 0.6, 0.1, 0.2]);
  expect(project(five, 4, 0, 0.1, 0.6, 0.1, 0.1, 0.1)).toEqual([0, 0, 1, 0, 0]);
});

test("what moves beyond an end stays at the end", () => {
  expect(project(five, -100, 1, 0.1, 0.6, 0.1, 0.1, 0.1)).toEqual([1, 0, 0, 0, 0]);
  expect(project(five, 100, 1, 0.1, 0.6, 0.1, 0.1, 0.1)).toEqual([0, 0, 0, 0, 1]);
  expect(project(five, 3, 1, 0, 0, 0, 0.5, 0.5)).toEqual([0, 0, 0, 0, 1]);
});

test("values that lie apart otherwise than the atoms: the example in Dopamine's rainbow_agent_test.py", () => {
  // From 4, 5, 6, 7, 8 to 2 z − 8 = 0, 2, 4, 6, 8: the first three end at 4.
  const support = { low: 4, high: 8, atoms: 5 };
  expect(project(support, -8, 2, 0.1, 0.6, 0.1, 0.1, 0.1)).toEqual([0.8, 0, 0.1, 0, 0.1]);
  // And from 3 … 7 to 0 … 4: all but the last end at 3.
  expect(project({ low: 3, high: 7, atoms: 5 }, -3, 1, 0.1, 0.6, 0.1, 0.1, 0.1)).toEqual([0.9, 0.1, 0, 0, 0]);
});

test("no mass is lost, whatever the reward", () => {
  const support = { low: -1, high: 3, atoms: 101 };
  const probabilities = Array.from({ length: 101 }, (_, i) => (i + 1) / 5151);
  for (let reward = -5; reward <= 5; reward += 0.04) {
    const total = project(support, reward, 0.97, ...probabilities).reduce((sum, mass) => sum + mass, 0);
    expect(total).toBeCloseTo(1, 4);
  }
});

describe.each<[string, MakeKernel]>([
  ["reference", referenceKernel],
  ["wasm", wasmKernel],
])("with the %s kernel", (_, makeKernel) => {
  test("targets and cross-entropies are those published with rlax (value_learning_test.py)", () => {
    const kernel = makeKernel({ bytes: 2 ** 20 });
    const support = { low: 0.5, high: 1.5, atoms: 3 };
    const from = (...x: readonly number[]) => {
      const array = kernel.float32(x.length);
      array.set(x);
      return array;
    };
    const nextLogits = from(0, 0, 9, 1, 1, 1, 0, 0, 9, 1, 1, 1, 0, 9, 9);
    const { probabilities: next } = createValueDistribution(kernel, support, 5).evaluate(nextLogits, 5);
    const targets = kernel.float32(15);
    const batch = { size: 5, rewards: numbers(0.5, 0, 0.5, 0.8, -0.1), discounts: numbers(0.8, 1, 0.8, 0, 1) };
    projectCategorical(batch, next, support, targets);
    const expected = [0, 0, 1, 1 / 3, 1 / 3, 1 / 3, 0, 0, 1, 0.4, 0.6, 0, 0.1, 0.5, 0.4];
    targets.forEach((mass, i) => void expect(Math.abs(mass - expected[i]), `targets[${i}]`).toBeLessThan(3e-4));

    const logits = from(0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 9, 0, 9, 0, 9);
    const now = createValueDistribution(kernel, support, 5).evaluate(logits, 5);
    const losses = kernel.float32(5);
    crossEntropy({ ...now, targets }, from(1, 1, 1, 1, 1), 5, 3, kernel.float32(15), losses);
    const published = [8.998915, 3.6932087, 8.998915, 0.6932089, 5.1929312];
    losses.forEach((loss, i) => void expect(loss, `losses[${i}]`).toBeCloseTo(published[i], 4));
  });
});
