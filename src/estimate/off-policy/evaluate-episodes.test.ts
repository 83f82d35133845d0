import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { inversePropensity, selfNormalized } from "./bandit-estimators.ts";
import { difference } from "./difference.ts";
import { weightedPerDecision } from "./episode-estimators.ts";
import { evaluateOffPolicyEpisodes } from "./evaluate-episodes.ts";
import { studentInterval } from "./interval.ts";
import type { LoggedEpisodes } from "./logged-episodes.ts";

/** Tries, up to `horizon`, by a fair coin: heads succeed with ¾, tails with ¼; a try costs 0.1. π_e takes heads with `heads`. */
function tries(size: number, horizon: number, heads: number, seed = 1): LoggedEpisodes {
  const random = createRandom(seed);
  const lengths: number[] = [];
  const [rewards, propensities, probabilities]: number[][] = [[], [], []];
  for (let episode = 0; episode < size; episode++) {
    let length = 0;
    for (let success = false; !success && length < horizon; length++) {
      const isHeads = random.uniform() < 0.5;
      success = random.uniform() < (isHeads ? 0.75 : 0.25);
      rewards.push(Number(success) - 0.1);
      propensities.push(0.5);
      probabilities.push(isHeads ? heads : 1 - heads);
    }
    lengths.push(length);
  }
  return { lengths, rewards, propensities, probabilities };
}

/** Exactly: p Σ (1 − p)ᵗ − 0.1 Σ (1 − p)ᵗ over t < horizon. */
function worth(horizon: number, heads: number): number {
  const p = heads * 0.75 + (1 - heads) * 0.25;
  let [value, reached] = [0, 1];
  for (let t = 0; t < horizon; t++, reached *= 1 - p) value += reached * (p - 0.1);
  return value;
}

test("a log of episodes that holds enough is believed, and its intervals hold the truth", () => {
  const report = evaluateOffPolicyEpisodes(tries(4000, 3, 0.8), { returnRange: [-0.3, 0.9] });
  if (!report.supported) throw new Error(report.reason);
  const truth = worth(3, 0.8);
  for (const { bootstrap, student, possible } of [report.estimates.perDecision, report.estimates.weightedPerDecision]) {
    expect(possible).toBe(true);
    for (const { lower, upper } of [bootstrap, student]) {
      expect(lower).toBeLessThan(truth);
      expect(upper).toBeGreaterThan(truth);
    }
  }
  expect(report.estimates.weightedDoublyRobust).toBeNull();
});

test("what is lost with every step is refused: of 300 episodes of up to twelve tries, too few speak for the other coin", () => {
  const report = evaluateOffPolicyEpisodes(tries(300, 12, 0.01, 2));
  expect(report.supported).toBe(false);
  expect(report).toHaveProperty(
    "reason",
    expect.stringMatching(
      /^evaluateOffPolicyEpisodes: the effective sample size must be at least 100, .* from 300 episodes\.$/,
    ),
  );
});

test("chances, returns and models that are none are refused", () => {
  const log = tries(500, 3, 0.6);
  const reasonOf = (change: Partial<LoggedEpisodes>, options = {}) =>
    evaluateOffPolicyEpisodes({ ...log, ...change }, options);
  const steps = log.rewards.length;
  expect(reasonOf({ propensities: new Float64Array(steps) })).toMatchObject({
    reason: "evaluateOffPolicyEpisodes: propensities must lie in (0, 1], got 0 in row 0.",
  });
  expect(reasonOf({ rewards: new Float64Array(steps) })).toMatchObject({
    reason: "evaluateOffPolicyEpisodes: returns must vary where the evaluated policy acts, got 0 everywhere.",
  });
  const model = { actionValues: new Float64Array(steps), values: new Float64Array(steps).fill(50) };
  expect(reasonOf({ model }, { returnRange: [-0.3, 0.9], discount: 0.5 })).toMatchObject({
    supported: false,
    reason: expect.stringMatching(/DoublyRobust must lie in the range of the returns, \[-0\.3, 0\.9\], got \d/),
  });
  model.values[7] = NaN;
  expect(reasonOf({ model })).toMatchObject({
    reason: "evaluateOffPolicyEpisodes: model.values must be finite, got NaN in place 7.",
  });
});

test("a difference is told of the same rows: that of a policy with itself is 0 for certain", () => {
  const log = tries(400, 1, 0.7);
  const self = difference(selfNormalized(log), selfNormalized(log));
  expect(studentInterval(self)).toEqual({ mean: 0, lower: 0, upper: 0, confidence: 0.95 });
});

test("and that of two policies is narrower than the one alone, where chance is common to both", () => {
  const [better, worse] = [tries(2000, 3, 0.6), tries(2000, 3, 0.55)];
  const width = ({ lower, upper }: { lower: number; upper: number }) => upper - lower;
  const uplift = difference(weightedPerDecision(better, 1), weightedPerDecision(worse, 1));
  expect(uplift.value).toBeCloseTo(weightedPerDecision(better, 1).value - weightedPerDecision(worse, 1).value, 12);
  expect(uplift.terms.reduce((sum, term) => sum + term, 0) / 2000).toBeCloseTo(uplift.value, 12);
  expect(width(studentInterval(uplift))).toBeLessThan(0.5 * width(studentInterval(weightedPerDecision(better, 1))));
  expect(() => difference(inversePropensity(tries(3, 1, 0.5)), inversePropensity(tries(4, 1, 0.5)))).toThrow(
    "difference: both estimates must be of the same log, got 3 and 4 rows.",
  );
});
