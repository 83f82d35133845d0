import { expect, test } from "vitest";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook, fixedPolicies, fixedSteps, informed } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import { type Decide, type EpisodeResults, evaluateRecovery, matchedSeconds } from "./evaluate-recovery.ts";
import { recoveryBench } from "./recovery-bench.ts";
import { recoveryBenchServices } from "./recovery-bench-services.ts";

const rules = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const { choices } = rules;
const episodes = 30_000;

/** The reference results: return, success, escalated, seconds, calls, wasted retries; each row rounded as published. */
const reference: readonly [name: string, decide: Decide<never>, row: readonly number[]][] = [
  ["backoff3", fixedSteps(choices, fixedPolicies.backoff3), [-0.218, 0.28, 0.72, 1.9, 2.77, 2.49]],
  ["backoff7", fixedSteps(choices, fixedPolicies.backoff7), [0.207, 0.666, 0.334, 19.6, 4.93, 4.27]],
  [
    "backoffSourceBackup",
    fixedSteps(choices, fixedPolicies.backoffSourceBackup),
    [0.312, 0.715, 0.285, 8.3, 3.62, 2.35],
  ],
  ["runbook", byRunbook(choices), [0.592, 0.856, 0.144, 8.0, 2.33, 0.95]],
  ["informed", informed(choices, recoveryBenchServices), [0.644, 0.874, 0.126, 12.4, 1.41, 0.26]],
];

// Four standard errors at 30,000 episodes, and half a unit of the last place.
const tolerance = [0.019, 0.012, 0.012, 0.55, 0.06, 0.06];

test.each(reference)(
  "%s has the reference's return, success, escalations, seconds, calls and waste",
  (_, decide, row) => {
    const measured = evaluateRecovery(recoveryBench(), rules, decide as Decide, { episodes, seed: 1 });
    const { success, escalated, seconds, calls, wastedRetries } = measured;
    [measured.return.mean, success, escalated, seconds, calls, wastedRetries].forEach((value, i) => {
      expect(Math.abs(value - row[i])).toBeLessThan(tolerance[i]);
    });
    expect(success + escalated).toBeCloseTo(1, 2);
  },
);

test("under drift the runbook loses five hundredths", () => {
  const drifted = recoveryBench({ drift: 0.5 });
  const measured = evaluateRecovery(drifted, rules, byRunbook(choices), { episodes, seed: 1 });
  expect(Math.abs(measured.return.mean - 0.539)).toBeLessThan(0.019);
});

test("an attempt that ends past the deadline does not count, and the eighth that saves nothing ends the episode", () => {
  const patient = { ...rules, limits: { maxAttempts: 8, deadlineMs: 30_200 } };
  const late = evaluateRecovery(recoveryBench(), patient, fixedSteps(choices, ["retry:30000"]), {
    episodes: 100,
    seed: 2,
  });
  // 30.3 s at .004, a call and the missed deadline: −.1212 − .02 − 1.
  expect(late.return.mean).toBeCloseTo(-1.1412, 10);
  expect(late.success + late.escalated).toBe(0);

  const stubborn = fixedSteps(choices, Array(8).fill("params"));
  const { success, calls, results } = evaluateRecovery(recoveryBench(), rules, stubborn, { episodes: 1000, seed: 2 });
  // Eight seconds, calls and costs, and all attempts used up: 8 (−.004 − .02 − .03) − 1 = −1.432
  expect(Math.min(...results.returns)).toBeCloseTo(-1.432, 10);
  expect(calls).toBeCloseTo(success + 8 * (1 - success), 10);
});

test("asking for the backup where it is forbidden is giving up", () => {
  const { escalated } = evaluateRecovery(recoveryBench(), rules, fixedSteps(choices, ["backup", "giveUp"]), {
    episodes: 2000,
    seed: 4,
  });
  expect(escalated).toBeGreaterThan(0.4);
  expect(escalated).toBeLessThan(0.6);
});

test("time to recovery is compared over the episodes that both policies saved", () => {
  const of = (...seconds: number[]): EpisodeResults => ({
    services: [],
    returns: new Float64Array(seconds.length),
    seconds: Float64Array.from(seconds),
  });
  const quick = of(1, 2, NaN, 3);
  const thorough = of(2, 3, 60, NaN);
  expect(matchedSeconds(quick, thorough)).toEqual({ episodes: 2, first: 1.5, second: 2.5 });
});
