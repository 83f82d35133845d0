import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { perDecision, weightedPerDecision } from "./episode-estimators.ts";
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

test("of 500 logs, 95 % intervals hold the truth in 93 % or more", () => {
  const truth = worth(3, 0.8);
  for (const estimate of [perDecision, weightedPerDecision]) {
    let held = 0;
    for (let seed = 0; seed < 500; seed++) {
      const { lower, upper } = studentInterval(estimate(tries(500, 3, 0.8, seed), 1));
      if (lower <= truth && truth <= upper) held++;
    }
    expect(held / 500, estimate.name).toBeGreaterThanOrEqual(0.93);
  }
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

test("what the logging policy never does at any step is refused", () => {
  const log = tries(500, 2, 0.6);
  const steps = log.rewards.length;
  const rows = (row: readonly number[]) => Array.from({ length: steps }, () => row).flat();
  const distributions = { actions: 3, propensities: rows([0.5, 0.5, 0]), probabilities: rows([0.6, 0.38, 0.02]) };
  expect(evaluateOffPolicyEpisodes({ ...log, distributions })).toMatchObject({
    supported: false,
    reason: expect.stringMatching(/but never does 2 % of it; at most 0\.1 % may be missing\.$/),
  });
  distributions.probabilities = [1];
  expect(() => evaluateOffPolicyEpisodes({ ...log, distributions })).toThrow(
    `evaluateOffPolicyEpisodes: distributions.probabilities must hold ${steps} × 3 numbers, one for each action a step, got 1.`,
  );
});
