import { expect, test } from "vitest";
import { escalate, fetchFrom, rerun, retry, switchTo, undoAndReplay } from "./action/build.ts";
import { maskByFacts } from "./action/legality.ts";
import { define, type Problem, returnRange, specimenOf } from "./definition.ts";
import type { Attempted, Failure } from "./failure.ts";
import { category, number } from "./feature/encoding.ts";
import { rewardParts, totalReward } from "./reward.ts";

const call = async () => "elsewhere";
const problem: Problem = {
  name: "orders",
  features: (failure) => ({
    error: failure.class,
    elapsedMs: failure.elapsedMs,
    retryAfterMs: failure.retryAfterMs,
    fresh: failure.tags["freshness"] === "critical",
  }),
  encoding: { error: category(["TIMEOUT", "5XX"]), elapsedMs: number({ scale: 90_000 }) },
  actions: {
    retry: retry({ delaysMs: [0, 1000] }),
    source: switchTo(call, { cost: 0.05 }),
    params: rerun((input: number) => input / 2),
    backup: fetchFrom(call, { cost: 0.35, allow: ({ tags }) => tags["freshness"] !== "critical" }),
    rollback: undoAndReplay({ undo: call, cost: 0.1 }),
    giveUp: escalate(),
  },
  classes: ["TIMEOUT", "5XX"],
};
const names = ["retry:0", "retry:1000", "source", "params", "backup", "rollback", "giveUp"];
const failure = (changes: Partial<Failure>): Failure => ({ ...specimenOf("TIMEOUT"), ...changes });
const tried = (choice: string, failureClass = "TIMEOUT", outcome = "5XX"): Attempted => ({
  choice,
  class: failureClass,
  outcome,
  durationMs: 10,
});

function allowed(changes: Partial<Failure>, limits = {}): string[] {
  const { choices, limits: own } = define({ ...problem, guard: limits });
  const mask = new Uint8Array(choices.length);
  maskByFacts(choices, failure(changes), own, mask);
  return names.filter((_, i) => mask[i] === 1);
}

test("each wait of a retry is a choice of its own, and giving up is there even where nobody declared it", () => {
  expect(define(problem).choices.map(({ name }) => name)).toEqual(names);
  const { giveUp: _, ...others } = problem.actions;
  expect(define({ ...problem, actions: others }).choices.map(({ name }) => name)).toEqual(names);
});

test("facts mask: what is not allowed here, what would miss the deadline, what attempts forbid", () => {
  expect(allowed({})).toEqual(names);
  expect(allowed({ tags: { freshness: "critical" } })).toEqual(names.filter((name) => name !== "backup"));
  expect(allowed({ elapsedMs: 500 }, { deadlineMs: 1500 })).not.toContain("retry:1000");
  expect(allowed({ elapsedMs: 499 }, { deadlineMs: 1500 })).toContain("retry:1000");
  expect(allowed({ history: [tried("retry:0"), tried("source")] }, { maxAttempts: 2 })).toEqual(["giveUp"]);
});

test("a step that may not be done twice is not repeated unless it surely had no effect", () => {
  expect(allowed({ idempotent: false, effect: "unknown" })).toEqual(["backup", "rollback", "giveUp"]);
  expect(allowed({ idempotent: false, effect: "none" })).toEqual(names);
  const readsOnly = { ...problem, actions: { source: switchTo(call, { idempotent: true }) } };
  const { choices, limits } = define(readsOnly);
  const mask = new Uint8Array(choices.length);
  maskByFacts(choices, failure({ idempotent: false }), limits, mask);
  expect([...mask]).toEqual([1, 1]);
});

test("a fact that throws does not hold", () => {
  const { choices, limits } = define({
    ...problem,
    actions: { retry: retry({ delaysMs: [0], requires: ({ tags }) => tags["x"].length > 0 }) },
  });
  const mask = new Uint8Array(choices.length);
  maskByFacts(choices, failure({}), limits, mask);
  expect([...mask]).toEqual([0, 1]);
});

test("the observation says what is seen, what was tried, and what was met", () => {
  const { encoder } = define(problem);
  const out = new Float32Array(encoder.size);
  const history = [tried("retry:0", "TIMEOUT", "5XX"), tried("source", "5XX", "5XX"), tried("retry:0", "5XX", "5XX")];
  const features = { error: "5XX", elapsedMs: 9000, retryAfterMs: null, fresh: true };
  expect(encoder.encode(features, "5XX", history, out)).toBeNull();
  const told = Object.fromEntries(
    encoder.groups.map(({ name, offset, size }) => [name, [...out.subarray(offset, offset + size)]]),
  );
  expect(told).toEqual({
    error: [0, 1],
    elapsedMs: [Math.fround(0.1)],
    retryAfterMs: [0, 0],
    fresh: [1],
    tried: [0.5, 0, 0.25, 0, 0, 0, 0],
    "last action": [1, 0, 0, 0, 0, 0, 0],
    "classes met": [0.25, 0.75],
    class: [0, 1],
  });
});

test("a value that the encoding does not know is named, whatever it is", () => {
  const { encoder } = define(problem);
  const out = new Float32Array(encoder.size);
  const known = { error: "5XX", elapsedMs: 1, retryAfterMs: 2, fresh: false };
  const refusal = (changes: object, failureClass = "5XX", history: Attempted[] = []) =>
    encoder.encode({ ...known, ...changes } as typeof known, failureClass, history, out);
  expect(refusal({})).toBeNull();
  expect(refusal({ error: "NEW" })).toBe("error");
  expect(refusal({ elapsedMs: Number.NaN })).toBe("elapsedMs");
  expect(refusal({ elapsedMs: null })).toBe("elapsedMs");
  expect(refusal({ retryAfterMs: Number.POSITIVE_INFINITY })).toBe("retryAfterMs");
  expect(refusal({ fresh: "yes" })).toBe("fresh");
  expect(refusal({ fresh: undefined })).toBe("fresh");
  expect(refusal({}, "NEW")).toBe("class");
  expect(refusal({}, "5XX", [tried("gone")])).toBe("tried");
  expect(refusal({}, "5XX", [tried("source", "NEW")])).toBe("classes met");
});

test("a reward is the sum of its parts", () => {
  const { choices, rates } = define(problem);
  const result = { seconds: 10, saved: true, exhausted: false, unhealthy: true };
  const backup = rewardParts(rates, choices[4], result);
  expect(backup).toEqual({
    success: 1,
    seconds: -0.04,
    calls: -0.02,
    cost: -0.35,
    unhealthy: -0.1,
    escalate: 0,
    deadline: 0,
  });
  expect(totalReward(backup)).toBeCloseTo(1 - 0.04 - 0.02 - 0.35 - 0.1, 12);
  expect(totalReward(rewardParts(rates, choices[6], { ...result, saved: false, seconds: 0 }))).toBe(-0.6);
});

test("no episode returns less than the range that a canary is told, however dear its actions", () => {
  const { lowest, highest } = returnRange(define(problem));
  // Eight snapshots at .35, each a call at .02 while the breaker is open at .1; 90 s at .004; and the deadline.
  expect(lowest).toBeCloseTo(-8 * (0.35 + 0.02 + 0.1) - 90 * 0.004 - 1, 12);
  expect(highest).toBe(1);
});

test("a problem that cannot be is refused in a sentence", () => {
  const refused = (changes: Partial<Problem>) => () => define({ ...problem, ...changes });
  expect(refused({ actions: { "a:b": escalate() } })).toThrow('one word without ":" and "|", got "a:b"');
  expect(refused({ actions: { retry: retry({ delaysMs: Array.from({ length: 30 }, (_, i) => i) }) } })).toThrow(
    "31 choices; the actions may give at most 24",
  );
  expect(() => retry({ delaysMs: [] })).toThrow("retry: delaysMs must be a list of waits of at least 0 ms, got [].");
  expect(() => switchTo(call, { cost: -1 })).toThrow("switchTo: cost must be at least 0, got -1.");
  expect(refused({ encoding: { eror: number() } })).toThrow('encoding names "eror", which features do not give');
  expect(refused({ features: ({ tags }) => ({ zone: tags["zone"].length }) })).toThrow(
    "features failed on a plain failure",
  );
  expect(refused({ guard: { maxAttempts: 0 } })).toThrow("guard.maxAttempts must be a positive integer, got 0");
  expect(refused({ reward: { perSecond: Number.NaN } })).toThrow("reward.perSecond must be a finite number, got NaN");
});
