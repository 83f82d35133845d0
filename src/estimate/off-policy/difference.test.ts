import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { inversePropensity, selfNormalized } from "./bandit-estimators.ts";
import { difference } from "./difference.ts";
import { weightedPerDecision } from "./episode-estimators.ts";
import { studentInterval } from "./interval.ts";

/** A fair coin, whose heads are worth 2.3 and whose tails 2, with some noise; a policy takes heads with `heads`. */
function coin(size: number, heads: number) {
  const random = createRandom(1);
  const isHeads = Array.from({ length: size }, () => random.uniform() < 0.5);
  return {
    lengths: new Array<number>(size).fill(1),
    rewards: isHeads.map((yes) => (yes ? 2.3 : 2) + 0.1 * random.normal()),
    propensities: new Array<number>(size).fill(0.5),
    probabilities: isHeads.map((yes) => (yes ? heads : 1 - heads)),
  };
}

const widthOf = (estimate: ReturnType<typeof difference>) => {
  const { lower, upper } = studentInterval(estimate);
  return upper - lower;
};

test("a policy differs from itself by 0, and that for certain", () => {
  const self = difference(selfNormalized(coin(400, 0.7)), selfNormalized(coin(400, 0.7)));
  expect(studentInterval(self)).toEqual({ mean: 0, lower: 0, upper: 0, confidence: 0.95 });
});

test("the terms of a difference average to it: 0.3 for each head more", () => {
  for (const estimate of [selfNormalized, (log: ReturnType<typeof coin>) => weightedPerDecision(log, 1)]) {
    const { value, terms } = difference(estimate(coin(2000, 0.9)), estimate(coin(2000, 0.6)));
    expect(terms.reduce((sum, term) => sum + term, 0) / 2000).toBeCloseTo(value, 12);
    expect(Math.abs(value - 0.3 * 0.3)).toBeLessThan(0.01);
  }
});

test("chance that is common to both policies falls out", () => {
  const [better, worse] = [selfNormalized(coin(2000, 0.9)), selfNormalized(coin(2000, 0.8))];
  expect(widthOf(difference(better, worse))).toBeLessThan(0.5 * widthOf(better));
});

test("ratios differ as ratios: with rewards of about 2, by far more certainly than sums of w r", () => {
  const ratios = difference(selfNormalized(coin(2000, 0.9)), selfNormalized(coin(2000, 0.6)));
  const sums = difference(inversePropensity(coin(2000, 0.9)), inversePropensity(coin(2000, 0.6)));
  expect(widthOf(ratios)).toBeLessThan(0.2 * widthOf(sums));
});

test("estimates of different logs are refused", () => {
  expect(() => difference(inversePropensity(coin(3, 0.5)), inversePropensity(coin(4, 0.5)))).toThrow(
    "difference: both estimates must be of the same log, got 3 and 4 rows.",
  );
});
