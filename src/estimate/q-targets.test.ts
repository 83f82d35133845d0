import { expect, test } from "vitest";
import { doubleQTargets, qTargets } from "./q-targets.ts";

const numbers = (...x: readonly number[]) => Float32Array.from(x);
const targets = new Float32Array(2);

test("the larger next value counts, by its discount, and nothing follows a termination", () => {
  const batch = { size: 2, rewards: numbers(1, 2), discounts: numbers(0.5, 0), nextMasks: null };
  qTargets(batch, numbers(3, 4, 100, 50), 2, targets);
  expect([...targets]).toEqual([1 + 0.5 * 4, 2]);
});

test("a forbidden next action does not count, however large its value", () => {
  const batch = {
    size: 2,
    rewards: numbers(0, 0),
    discounts: numbers(1, 1),
    nextMasks: Uint8Array.of(0, 1, 1, 1, 0, 1),
  };
  qTargets(batch, numbers(9, 2, 1, 3, 8, 5), 3, targets);
  expect([...targets]).toEqual([2, 5]);
  doubleQTargets(batch, numbers(9, 1, 2, 1, 9, 0), numbers(1, 2, 3, 4, 5, 6), 3, targets);
  expect([...targets]).toEqual([3, 4]);
});

test("double Q: the case published with rlax (value_learning_test.py), TD errors 0 and 1", () => {
  const batch = { size: 2, rewards: numbers(1, 1), discounts: numbers(0, 1), nextMasks: null };
  doubleQTargets(batch, numbers(2, 10, 1, 11, 20, 1), numbers(99, 1, 98, 91, 2, 66), 3, targets);
  const values = [1, 1, 0, 1, 2, 0];
  expect([targets[0] - values[0], targets[1] - values[3 + 1]]).toEqual([0, 1]);
});

test("double Q with one network is Q", () => {
  const batch = { size: 2, rewards: numbers(0.3, -1), discounts: numbers(0.9, 0.9), nextMasks: null };
  const values = numbers(0.1, 0.7, 0.2, -3, -1, -2);
  const plain = new Float32Array(2);
  qTargets(batch, values, 3, plain);
  doubleQTargets(batch, values, values, 3, targets);
  expect(targets).toEqual(plain);
});
