import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { log } from "../../math/transcendental.ts";
import { inversePropensity, selfNormalized } from "./bandit-estimators.ts";
import { bernsteinInterval, bootstrapInterval, hoeffdingInterval, studentInterval } from "./interval.ts";

const estimateOf = (terms: Float64Array) => ({
  value: terms.reduce((sum, term) => sum + term, 0) / terms.length,
  terms,
  weights: null,
});

function normals(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: size }, () => random.normal());
}

test("Hoeffding's bound is R √(ln(2 / 0.05) / 2n) on each side", () => {
  const { mean, lower, upper } = hoeffdingInterval(Float64Array.of(0, 1, 3, 4), [0, 5], 0.95);
  const reach = 5 * Math.sqrt(log(40) / 8);
  expect(mean).toBe(2);
  expect(lower).toBeCloseTo(2 - reach, 12);
  expect(upper).toBeCloseTo(2 + reach, 12);
});

test("Bernstein's bound is √(2 V ln(4 / 0.05) / n) + 7 R ln(4 / 0.05) / 3 (n − 1), and of constant terms the second part alone", () => {
  // V = (4 + 1 + 1 + 4) / 3.
  const { lower } = bernsteinInterval(Float64Array.of(0, 1, 3, 4), [0, 5], 0.95);
  expect(lower).toBeCloseTo(2 - Math.sqrt((2 * (10 / 3) * log(80)) / 4) - (7 * 5 * log(80)) / 9, 12);
  const certain = bernsteinInterval(new Float64Array(1001).fill(0.5), [0, 1], 0.95);
  expect(certain.upper).toBeCloseTo(0.5 + (7 * log(80)) / 3000, 12);
});

test("of many terms of little variance, Bernstein knows more than Hoeffding", () => {
  const random = createRandom(1);
  const terms = Float64Array.from({ length: 20_000 }, () => Number(random.uniform() < 0.01));
  expect(bernsteinInterval(terms, [0, 1]).lower).toBeGreaterThan(hoeffdingInterval(terms, [0, 1]).lower);
});

test("terms outside the range that was stated are refused: the bound would not hold", () => {
  for (const interval of [bernsteinInterval, hoeffdingInterval]) {
    expect(() => interval(Float64Array.of(0, 2), [0, 1])).toThrow(
      `${interval.name}: terms must lie in the range [0, 1], got 2 in row 1.`,
    );
    expect(() => interval(Float64Array.of(NaN, 0), [0, 1])).toThrow("must lie in the range [0, 1], got NaN in row 0.");
    expect(() => interval(Float64Array.of(0, 2), [1, 1])).toThrow(
      `${interval.name}: range must be [least, most], the first below the second, got [1, 1].`,
    );
    expect(() => interval(Float64Array.of(0, 1), [0, 1], 1)).toThrow(
      `${interval.name}: confidence must lie in (0, 1), got 1.`,
    );
  }
});

test("of many normal terms, Student's interval is 1.96 standard errors wide on each side", () => {
  const terms = normals(30_000, 1);
  const { lower, upper } = studentInterval(estimateOf(terms));
  expect((upper - lower) / 2).toBeCloseTo(1.96 / Math.sqrt(30_000), 3);
});

test("where four rows of 1000 carry the error, it reaches out: t of four degrees is 2.78", () => {
  const terms = new Float64Array(1000).map((_, i) => Number(i % 250 === 0));
  const { mean, upper } = studentInterval(estimateOf(terms));
  const error = Math.sqrt((0.004 * 0.996) / 999);
  expect((upper - mean) / error).toBeGreaterThan(2.6);
  expect((upper - mean) / error).toBeLessThan(2.8);
});

test("the bootstrap agrees with it, of means and of ratios, and so it does when rows are drawn in blocks", () => {
  const random = createRandom(3);
  for (const size of [600, 5000]) {
    const acted = Array.from({ length: size }, () => random.uniform() < 0.4);
    const logged = {
      rewards: acted.map((yes) => Number(random.uniform() < (yes ? 0.7 : 0.2)) + 2),
      propensities: acted.map((yes) => (yes ? 0.4 : 0.6)),
      probabilities: acted.map((yes) => (yes ? 0.9 : 0.1)),
    };
    for (const estimate of [inversePropensity(logged), selfNormalized(logged)]) {
      const [ours, theirs] = [bootstrapInterval(estimate, { random, resamples: 4000 }), studentInterval(estimate)];
      const ratio = (ours.upper - ours.lower) / (theirs.upper - theirs.lower);
      expect(Math.abs(ratio - 1), `${size} rows`).toBeLessThan(0.06);
      expect(ours.mean).toBe(estimate.value);
    }
  }
});

test("a bootstrap without resamples is refused", () => {
  expect(() => bootstrapInterval(estimateOf(normals(9, 1)), { random: createRandom(1), resamples: 0 })).toThrow(
    "bootstrapInterval: resamples must be a positive integer, got 0.",
  );
});

test("a ratio's interval knows that its parts rise and fall together: rewards of about 2 make IPS far less sure", () => {
  const random = createRandom(4);
  const acted = Array.from({ length: 1000 }, () => random.uniform() < 0.4);
  const logged = {
    rewards: acted.map(() => 2 + 0.1 * random.normal()),
    propensities: acted.map((yes) => (yes ? 0.4 : 0.6)),
    probabilities: acted.map((yes) => (yes ? 0.9 : 0.1)),
  };
  const width = ({ lower, upper }: { lower: number; upper: number }) => upper - lower;
  const [ips, snips] = [inversePropensity(logged), selfNormalized(logged)];
  expect(width(bootstrapInterval(snips, { random }))).toBeLessThan(0.2 * width(bootstrapInterval(ips, { random })));
  expect(width(studentInterval(snips))).toBeLessThan(0.2 * width(studentInterval(ips)));
});
