import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { type RecoveryBenchEpisode, recoveryBench } from "./recovery-bench.ts";
import { type BenchService, type Cause, causes, recoveryBenchServices } from "./recovery-bench-services.ts";

const [, , , sharedFate] = recoveryBenchServices;

/** So many episodes that all have one cause. */
function* episodesOf(cause: Cause, count: number): Generator<RecoveryBenchEpisode> {
  const never = Object.fromEntries(causes.map((each) => [each, each === cause ? 1 : 0])) as BenchService["prior"];
  const simulator = recoveryBench({ services: [{ ...sharedFate, prior: never }] });
  const random = createRandom(11);
  for (let i = 0; i < count; i++) yield simulator.start(random);
}

function successShare(cause: Cause, steps: readonly string[], count = 20_000): number {
  let saved = 0;
  for (const episode of episodesOf(cause, count)) {
    const outcomes = steps.map((step) => episode.attempt(step));
    if (outcomes.at(-1)?.symptom === null) saved++;
  }
  return saved / count;
}

test("a cause clears during a wait w with chance 1 − exp(−w/τ), however the wait is divided", () => {
  // τ = 60 s: .98 (1 − e^−½) + .01 e^−½ = .3917 for 30 s.
  expect(successShare("outage", ["retry:30000"])).toBeCloseTo(0.3917, 1);
  // 60 s in all: .98 (1 − e⁻¹) + .01 e⁻¹ = .6232
  expect(successShare("outage", ["retry:30000", "retry:30000"])).toBeCloseTo(0.6232, 1);
});

test("a throttle is eased by no wait under two seconds, and what is wrong or missing by none at all", () => {
  expect(successShare("throttle", Array(20).fill("retry:1000"))).toBeLessThan(0.02);
  expect(successShare("throttle", ["retry:8000"])).toBeGreaterThan(0.4);
  for (const cause of ["bad-parameter", "missing"] as const) {
    expect(successShare(cause, Array(5).fill("retry:30000"))).toBeLessThan(0.02);
  }
});

test("a remedy that failed once fails again, and a lucky one never disappoints", () => {
  for (const episode of episodesOf("outage", 200)) {
    for (const remedy of ["source", "params", "backup", "rollback"]) {
      const outcomes = [1, 2, 3].map(() => episode.attempt(remedy).symptom === null);
      expect(new Set(outcomes).size).toBe(1);
    }
  }
});

test("once a cause has cleared, params and rollback do what they could not", () => {
  expect(successShare("outage", ["params"])).toBeLessThan(0.04);
  // Cleared with 1 − e⁻³ = .950, then .95: .9027, and .02 of the rest.
  expect(successShare("outage", [...Array(6).fill("retry:30000"), "params"])).toBeCloseTo(0.9, 1);
});

test("the episodes of a seed are the same whoever decides in them", () => {
  const simulator = recoveryBench();
  const told = (choices: readonly string[]) => {
    const random = createRandom(3);
    return Array.from({ length: 50 }, () => {
      const episode = simulator.start(random);
      for (const choice of choices) episode.attempt(choice);
      return [episode.service, episode.cause, episode.tags, episode.attempt("backup").symptom === null];
    });
  };
  expect(told(["retry:50", "retry:30000", "source"])).toEqual(told(["rollback"]));
});

test("drift makes outages as common as .5 more in 1.5", () => {
  const simulator = recoveryBench({ drift: 0.5 });
  const random = createRandom(5);
  const outages = Array.from({ length: 20_000 }, () => simulator.start(random).cause).filter((c) => c === "outage");
  // Mean prior of an outage: (.08 + .05 + .10 + .50) / 4 = .1825; (.1825 + .5) / 1.5 = .455
  expect(outages.length / 20_000).toBeCloseTo(0.455, 1.5);
});

test("a choice that RecoveryBench has not is refused by name", () => {
  const episode = recoveryBench().start(createRandom(0));
  expect(() => episode.attempt("restart")).toThrow(
    'RecoveryBench: choice must be retry:<milliseconds>, source, params, backup, rollback, got "restart".',
  );
});
