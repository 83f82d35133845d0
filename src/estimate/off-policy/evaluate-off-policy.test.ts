import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { evaluateOffPolicy } from "./evaluate-off-policy.ts";
import type { LoggedBandit } from "./logged-bandit.ts";

/** Two actions that succeed with ½ and ¾, each logged half of the time; π_e takes the second with chance `second`. */
function coin(size: number, second: number, { seed = 1, logged = 0.5 } = {}): LoggedBandit {
  const random = createRandom(seed);
  const actions = Array.from({ length: size }, () => Number(random.uniform() < logged));
  return {
    rewards: actions.map((action) => Number(random.uniform() < (action ? 0.75 : 0.5))),
    propensities: actions.map((action) => (action ? logged : 1 - logged)),
    probabilities: actions.map((action) => (action ? second : 1 - second)),
  };
}

/** The two policies of `coin` in full. */
function inFull(size: number, logged: readonly number[], evaluated: readonly number[]) {
  const rows = <T>(row: readonly T[]) => Array.from({ length: size }, () => row).flat();
  return { actions: logged.length, propensities: rows(logged), probabilities: rows(evaluated) };
}

const reasonOf = (log: LoggedBandit, options = {}) => {
  const report = evaluateOffPolicy(log, options);
  return report.supported ? "supported" : report.reason;
};

test("a log that holds enough is believed, and its intervals hold the truth", () => {
  const report = evaluateOffPolicy(coin(4000, 0.9), { rewardRange: [0, 1], maxWeight: 2 });
  if (!report.supported) throw new Error(report.reason);
  const truth = 0.9 * 0.75 + 0.1 * 0.5;
  const { inversePropensity, selfNormalized, doublyRobust } = report.estimates;
  expect(doublyRobust).toBeNull();
  expect(selfNormalized.bernstein).toBeNull();
  for (const { bootstrap, student, bernstein, hoeffding } of [inversePropensity, selfNormalized]) {
    for (const interval of [bootstrap, student, bernstein, hoeffding]) {
      if (!interval) continue;
      expect(interval.lower).toBeLessThan(truth);
      expect(interval.upper).toBeGreaterThan(truth);
    }
  }
});

test("the effective sample size must be at least 100, or 1 % of a larger log", () => {
  expect(reasonOf(coin(150, 1))).toMatch(
    /^evaluateOffPolicy: the effective sample size must be at least 100, the larger of 100 and 1 % of the log, got 7\d(\.\d)? from 150 rows\.$/,
  );
  expect(reasonOf(coin(250, 1))).toBe("supported");
  // One row in 200 is used, some 200 of 40,000: half a percent of the log.
  const rare = coin(40_000, 1, { logged: 0.005 });
  expect(reasonOf(rare)).toMatch(/must be at least 400, .* got \d+ from 40000 rows\.$/);
  expect(reasonOf(rare, { minEffectiveShare: 0.001 })).toBe("supported");
});

test("chances that are none are refused by row", () => {
  const log = coin(1000, 0.5);
  const altered = (name: "propensities" | "probabilities" | "rewards", value: number) => ({
    ...log,
    [name]: Array.from(log[name], (each, i) => (i === 3 ? value : each)),
  });
  for (const propensity of [0, -0.1, 1.1, NaN]) {
    expect(reasonOf(altered("propensities", propensity))).toBe(
      `evaluateOffPolicy: propensities must lie in (0, 1], got ${propensity} in row 3.`,
    );
  }
  expect(reasonOf(altered("probabilities", 1.5))).toBe(
    "evaluateOffPolicy: probabilities must lie in [0, 1], got 1.5 in row 3.",
  );
  expect(reasonOf(altered("rewards", NaN))).toBe("evaluateOffPolicy: rewards must be finite, got NaN in row 3.");
  expect(reasonOf(altered("rewards", 7), { rewardRange: [0, 1] })).toBe(
    "evaluateOffPolicy: rewards must lie in the stated range [0, 1], got 7 in row 3.",
  );
});

test("what the logging policy never does is refused, if both policies are shown in full", () => {
  const log = coin(1000, 0.5);
  const distributions = inFull(1000, [0.5, 0.5, 0], [0.45, 0.5, 0.05]);
  expect(reasonOf({ ...log, distributions })).toBe(
    "evaluateOffPolicy: the logging policy must do what the evaluated one does, but never does 5 % of it; at most 0.1 % may be missing.",
  );
  expect(reasonOf({ ...log, distributions: inFull(1000, [0.5, 0.5, 0], [0.5, 0.5, 0]) })).toBe("supported");
});

test("and where they are not, the mean weight gives it away: 20 % that are never logged leave 0.8", () => {
  const log = coin(2000, 0.5);
  const probabilities = Array.from(log.probabilities, (chance) => 0.8 * chance);
  expect(reasonOf({ ...log, probabilities })).toMatch(
    /^evaluateOffPolicy: the mean weight must be 1 but for chance, got 0\.8 /,
  );
});

test("the mean weight also gives away propensities that are wrong, and passes those that are right in 200 logs of 200", () => {
  const log = coin(2000, 0.9);
  expect(reasonOf({ ...log, propensities: Array.from(log.propensities, (chance) => 0.8 * chance) })).toMatch(
    /the mean weight must be 1 but for chance, got 1\.2/,
  );
  for (let seed = 0; seed < 200; seed++) {
    expect(reasonOf(coin(500, 0.8, { seed, logged: 0.3 }), { resamples: 2 })).toBe("supported");
  }
});

test("a policy that never does what was logged, or whose rewards never vary, cannot be judged", () => {
  const log = coin(1000, 0.5);
  expect(reasonOf({ ...log, probabilities: new Float64Array(1000) })).toBe(
    "evaluateOffPolicy: the evaluated policy must take some of the logged actions, got none of them.",
  );
  expect(reasonOf({ ...log, rewards: new Float64Array(1000) })).toBe(
    "evaluateOffPolicy: rewards must vary where the evaluated policy acts, got 0 everywhere.",
  );
});

test("a model that drives the estimate out of the range of the rewards is refused", () => {
  const log = coin(1000, 0.5);
  const model = { actionValues: new Float64Array(1000), values: new Float64Array(1000).fill(3) };
  expect(reasonOf({ ...log, model })).toMatch(
    /^evaluateOffPolicy: doublyRobust must lie in the range of the rewards, \[0, 1\], got 3\.\d+\.$/,
  );
});

test("Hoeffding's bound knows how far terms can reach: w r, and v + w (r − q) with w as it is bent", () => {
  const constant = new Float64Array(1000).fill(0.5);
  const log = { ...coin(1000, 1), model: { actionValues: constant, values: constant } };
  const options = { rewardRange: [0, 1], maxWeight: 2, switchBound: 1.5, shrinkage: 1 } as const;
  const { estimates } = evaluateOffPolicy(log, options);
  const width = (name: keyof NonNullable<typeof estimates>) => {
    const bound = estimates?.[name]?.hoeffding;
    return bound ? (bound.upper - bound.lower) / (2 * Math.sqrt(Math.log(40) / 2000)) : null;
  };
  expect(width("inversePropensity")).toBeCloseTo(2, 10); // from 0 to 2
  expect(width("doublyRobust")).toBeCloseTo(5, 10); // from 0 − 2 to 1 + 2
  expect(width("switched")).toBeCloseTo(4, 10); // from 0 − 1.5 to 1 + 1.5
  expect(width("shrunk")).toBeCloseTo(2, 10); // √1 / 2 is the most that a weight becomes: from −0.5 to 1.5
  expect(width("selfNormalized")).toBeNull();
  const beyond = { ...log, model: { actionValues: constant, values: new Float64Array(1000).fill(1.1) } };
  expect(evaluateOffPolicy(beyond, options).estimates?.doublyRobust?.bernstein).toBeNull();
});

test("a largest weight or a range that is none is an error of the caller", () => {
  expect(() => evaluateOffPolicy(coin(1000, 1), { rewardRange: [0, 1], maxWeight: 1.5 })).toThrow(
    "evaluateOffPolicy: maxWeight must be at least 2, the largest weight that came, got 1.5.",
  );
  expect(() => evaluateOffPolicy(coin(1000, 1), { rewardRange: [1, 0] })).toThrow(
    "evaluateOffPolicy: rewardRange must be [least, most], the first below the second, got [1, 0].",
  );
});

test("the same seed gives the same report", () => {
  const log = coin(1000, 0.7);
  expect(evaluateOffPolicy(log, { seed: 3 })).toEqual(evaluateOffPolicy(log, { seed: 3 }));
});
