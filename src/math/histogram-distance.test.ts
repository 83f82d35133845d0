import { expect, test } from "vitest";
import { kolmogorovSmirnov, populationStability, smirnovThreshold, stabilityThreshold } from "./histogram-distance.ts";
import { createRandom, type Random } from "./random.ts";
import { log } from "./transcendental.ts";

const shares = [0.4, 0.35, 0.15, 0.07, 0.03];

function sample(random: Random, size: number): number[] {
  const counts = shares.map(() => 0);
  for (let i = 0; i < size; i++) {
    let rest = random.uniform();
    let bin = 0;
    while (bin < shares.length - 1 && rest >= shares[bin]) rest -= shares[bin++];
    counts[bin]++;
  }
  return counts;
}

test("the stability index by hand, a count more in each bin: ¾ and ¼ against ½ and ½ are ¼ log 3", () => {
  // (¾ − ½) log(¾ / ½) + (¼ − ½) log(¼ / ½) = ¼ log 1.5 + ¼ log 2
  expect(populationStability([9, 9], [14, 4])).toBeCloseTo(0.25 * log(3), 12);
  expect(populationStability([14, 4], [9, 9])).toBeCloseTo(0.25 * log(3), 12);
});

test("equal shares are no distance, bins that nothing fell into count for nothing, and a new bin is a finite distance", () => {
  expect(populationStability([9, 19, 29], [9, 19, 29])).toBe(0);
  expect(populationStability([9, 0, 9], [14, 0, 4])).toBe(populationStability([9, 9], [14, 4]));
  expect(populationStability([10, 10, 0], [5, 5, 10])).toBeGreaterThan(0.5);
});

test("Kolmogorov and Smirnov's distance is the largest gap of the running shares", () => {
  // .5 .75 1 against .2 .5 1: gaps .3 .25 0
  expect(kolmogorovSmirnov([4, 2, 2], [2, 3, 5])).toBeCloseTo(0.3, 12);
  expect(kolmogorovSmirnov([1, 2, 3], [10, 20, 30])).toBeCloseTo(0, 12);
});

test("without drift, each passes its threshold about as often as stated, and not more", () => {
  const random = createRandom(7);
  let [index, distance] = [0, 0];
  for (let i = 0; i < 2000; i++) {
    const [reference, window] = [sample(random, 400), sample(random, 200)];
    if (populationStability(reference, window) > stabilityThreshold(5, 400, 200, 0.05)) index++;
    if (kolmogorovSmirnov(reference, window) > smirnovThreshold(400, 200, 0.05)) distance++;
  }
  // 5 % of 2,000 is 100, give or take 10.
  expect(index).toBeGreaterThan(60);
  expect(index).toBeLessThan(130);
  expect(distance).toBeGreaterThan(5);
  expect(distance).toBeLessThan(130);
});
