import { expect, test } from "vitest";
import { type CusumOptions, createCusum, cusumRunLength, cusumThreshold, observeCusum } from "./cusum.ts";
import { createRandom, type Random } from "./random.ts";

const standard: CusumOptions = {
  mean: 0,
  deviation: 1,
  skewness: 0,
  kurtosis: 0,
  count: 1e12,
  shift: 1,
  runLength: 500,
  watch: "fall",
};

/** Mean number of values until an alarm. */
function runLength(options: CusumOptions, draw: (random: Random) => number, runs: number): number {
  const random = createRandom(11);
  let values = 0;
  for (let run = 0; run < runs; run++) {
    const cusum = createCusum(options);
    do values++;
    while (!observeCusum(cusum, draw(random)));
  }
  return values / runs;
}

test("the sum follows its recursion by hand, and begins anew after an alarm", () => {
  const cusum = createCusum({ ...standard, mean: 10, deviation: 2, shift: 1, count: 4, runLength: 1e6 });
  expect(cusum.slack).toBe(1); // ½ + 1 / √4
  expect(observeCusum(cusum, 12)).toBe(false); // max(0, −1 − 1)
  expect(cusum.fall).toBe(0);
  observeCusum(cusum, 6); // 2 − 1
  observeCusum(cusum, 5); // 1 + 2.5 − 1
  expect(cusum.fall).toBe(2.5);
  expect(observeCusum(cusum, -100)).toBe(true);
  expect([cusum.fall, cusum.rise]).toEqual([0, 0]);
});

test("Siegmund's run length of slack ½ and threshold 4 is near the exact 335.4 and 8.38 of Crosier's tables", () => {
  expect(cusumRunLength(0.5, 4) / 335.4).toBeCloseTo(1, 1);
  expect(cusumRunLength(0.5, 4, 1)).toBeCloseTo(8.34, 1);
  expect(cusumRunLength(0.5, cusumThreshold(0.5, 12_345))).toBeCloseTo(12_345, 3);
  expect(cusumRunLength(0.5, 4, 0.5)).toBeCloseTo(5.166 ** 2, 6); // a walk without drift
});

test("normal rewards without drift run as long as stated; a fall by the shift is found in a tenth of that", () => {
  const still = runLength(standard, (random) => random.normal(), 300);
  expect(still).toBeGreaterThan(400);
  expect(still).toBeLessThan(620);
  expect(runLength(standard, (random) => random.normal() - 1, 300)).toBeLessThan(15);
  const both = runLength({ ...standard, watch: "both" }, (random) => random.normal(), 300);
  expect(both).toBeGreaterThan(400);
  expect(both).toBeLessThan(620);
});

test("rewards with a long tail below run as long as stated, because the threshold knows the tail", () => {
  // 1 with chance .9, else −9: mean 0, variance .9 + 8.1 = 9, skewness (.9 − 72.9) / 27, kurtosis (.9 + 656.1) / 81 − 3
  const bare = { ...standard, deviation: 3, shift: 0.25, runLength: 3000 };
  const tail = { ...bare, skewness: -72 / 27, kurtosis: 657 / 81 - 3 };
  const draw = (random: Random) => (random.uniform() < 0.9 ? 1 : -9);
  expect(runLength(tail, draw, 300)).toBeGreaterThan(2400);
  expect(runLength(bare, draw, 300)).toBeLessThan(2000);
});

test("only who watches both is alarmed by a rise", () => {
  const rise = (watch: "fall" | "both") => {
    const cusum = createCusum({ ...standard, watch });
    return Array.from({ length: 100 }, () => observeCusum(cusum, 2)).includes(true);
  };
  expect([rise("fall"), rise("both")]).toEqual([false, true]);
});

test("what is no number is refused", () => {
  expect(() => observeCusum(createCusum(standard), Number.NaN)).toThrow(
    "observeCusum: a value must be a finite number, got NaN.",
  );
  expect(() => createCusum({ ...standard, deviation: 0 })).toThrow(
    "createCusum: deviation must be a positive number, got 0.",
  );
  expect(() => createCusum({ ...standard, runLength: 5 })).toThrow(
    "cusumThreshold: runLength must be a number above 10, got 5.",
  );
});
