import { expect, test } from "vitest";
import { createRandom } from "./random.ts";
import {
  interquartileMean,
  mean,
  quantile,
  standardDeviation,
  stratifiedBootstrap,
  wilsonInterval,
} from "./statistics.ts";

const x = [
  [1, 2],
  [2, 2],
  [1, 1],
  [2, 1],
];
const y = [
  [1, 1],
  [2, 2],
  [3, 3],
];

test("the interquartile mean cuts floor(n / 4) from each end", () => {
  expect(interquartileMean(x.flat())).toBe(1.5); // (1 + 1 + 2 + 2) / 4
  expect(interquartileMean(y.flat())).toBe(2); // six numbers lose one at each end: (1 + 2 + 2 + 3) / 4
  expect(interquartileMean([9, 9, 1, 1, 1, 1, 1, 1])).toBe(1); // eight numbers lose two
  expect(interquartileMean([7, -100, 3])).toBe(-30); // three lose none
});

test("the standard deviation divides by n - 1", () => {
  expect(mean([2, 4, 9])).toBe(5);
  expect(standardDeviation([2, 4, 9])).toBe(Math.sqrt((9 + 1 + 16) / 2));
});

test("a quantile interpolates between neighbours", () => {
  expect(quantile([10, 0, 20, 30], 0.5)).toBe(15);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([4], 0.9)).toBe(4);
});

test("the bootstrap draws within each task, so tasks without spread have an interval without width", () => {
  const constantPerTask = [
    [1, 1, 1],
    [5, 5, 5],
  ];
  expect(stratifiedBootstrap(constantPerTask, mean, { random: createRandom(0) })).toEqual([3, 3]);
});

test("the bootstrap interval of a mean agrees with the normal approximation", () => {
  const random = createRandom(1);
  const sample = Array.from({ length: 400 }, () => random.normal());
  const [low, high] = stratifiedBootstrap([sample], mean, { random: createRandom(2) });
  const halfWidth = (1.96 * standardDeviation(sample)) / 20; // √400 = 20
  expect(high - low).toBeGreaterThan(1.8 * halfWidth);
  expect(high - low).toBeLessThan(2.2 * halfWidth);
  expect((low + high) / 2).toBeCloseTo(mean(sample), 1);
});

test("a seed decides the interval", () => {
  const interval = (seed: number) => stratifiedBootstrap(x, interquartileMean, { random: createRandom(seed) });
  expect(interval(3)).toEqual(interval(3));
});

test("Wilson's interval of none in n ends at z² / (n + z²), and its ends solve (p − share)² = z² p (1 − p) / n", () => {
  const square = 1.959963984540054 ** 2;
  expect(wilsonInterval(0, 100)[0]).toBeCloseTo(0, 12);
  expect(wilsonInterval(0, 100)[1]).toBeCloseTo(square / (100 + square), 12);
  for (const p of wilsonInterval(30, 40)) expect((p - 0.75) ** 2).toBeCloseTo((square * p * (1 - p)) / 40, 12);
});
