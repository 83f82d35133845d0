import { expect, test } from "vitest";
import { escalate, fetchFrom, rerun, retry, switchTo, undoAndReplay } from "../action/build.ts";
import { constantPolicy } from "../bench/constant-policy.ts";
import { sampling } from "../guard/breaker.ts";
import { tokenBucket } from "../guard/token-bucket.ts";
import { memoryLog } from "../record/memory-log.ts";
import { totalReward } from "../reward.ts";
import { runbook } from "../runbook/runbook.ts";
import { testClock } from "../test-clock.ts";
import { BreakerOpenError } from "./breaker-open-error.ts";
import { createPlanner } from "./create-planner.ts";
import type { PlannerOptions } from "./options.ts";

const down = (status = 503) => Object.assign(new Error(`HTTP ${status}`), { status });

function setting(changes: Partial<PlannerOptions> = {}) {
  const clock = testClock();
  const log = memoryLog();
  const pages: unknown[] = [];
  const planner = createPlanner({
    name: "orders",
    features: (failure) => ({ error: failure.class }),
    actions: {
      retry: retry({ delaysMs: [0, 1000, 8000] }),
      source: switchTo(async (n: number) => `replica ${n}`, { cost: 0.05 }),
      backup: fetchFrom(async () => "snapshot", { cost: 0.35 }),
      giveUp: escalate((failure) => pages.push(failure)),
    },
    baseline: runbook({ "*": ["retry:1000", "retry:8000", "source"] }),
    guard: { breaker: null, retryBudget: null },
    clock,
    log,
    seed: 1,
    ...changes,
  });
  return { planner, clock, log, pages };
}

/** Fails so many times, then answers. */
function flaky(failures: number, error: unknown = down()) {
  const calls: unknown[][] = [];
  return {
    calls,
    async step(...args: unknown[]): Promise<string> {
      calls.push(args);
      if (calls.length <= failures) throw error;
      return `answer to ${args[0]}`;
    },
  };
}

test("a step that succeeds is called once and leaves no record", async () => {
  const { planner, log } = setting();
  const { step, calls } = flaky(0);
  expect(await planner.wrap("orders", step)(7)).toBe("answer to 7");
  expect(calls).toEqual([[7]]);
  expect(log.records).toEqual([]);
});

test("the runbook's list is followed, waits are waited, and each decision is recorded", async () => {
  const { planner, clock, log } = setting();
  const { step, calls } = flaky(2);
  const load = planner.wrap("orders", step, { idempotent: true });
  expect(await clock.run(load(7))).toBe("answer to 7");
  expect(clock.now()).toBe(9000);
  expect(calls.length).toBe(3);
  expect(
    log.records.map(({ action, outcome, durationMs, terminal }) => [action, outcome, durationMs, terminal]),
  ).toEqual([
    ["retry:1000", "5XX", 1000, false],
    ["retry:8000", "ok", 8000, true],
  ]);
  const [first, second] = log.records;
  expect(first).toMatchObject({ decider: "baseline", propensity: 1, mode: "observe", step: 0, class: "5XX" });
  expect(second.history).toEqual([{ choice: "retry:1000", class: "5XX", outcome: "5XX", durationMs: 1000 }]);
  // −.004 · 8 s − .02 a call + 1
  expect(totalReward(second.reward)).toBeCloseTo(1 - 0.032 - 0.02, 12);
});

test("what cannot be saved is given up: the step's own last error comes through, and someone is told", async () => {
  const { planner, clock, log, pages } = setting({ baseline: runbook({ "*": ["retry:0"] }) });
  const error = down(500);
  const { step, calls } = flaky(9, error);
  await expect(clock.run(planner.wrap("orders", step, { idempotent: true })(1))).rejects.toBe(error);
  expect(calls.length).toBe(2);
  expect(pages).toMatchObject([{ class: "5XX", attempt: 2 }]);
  expect(log.records.map(({ action, outcome, terminal }) => [action, outcome, terminal])).toEqual([
    ["retry:0", "5XX", false],
    ["giveUp", "escalated", true],
  ]);
});

test("another source gets the same arguments; the same call again keeps its `this`", async () => {
  const { planner, clock } = setting({ baseline: runbook({ "*": ["source"] }) });
  expect(await clock.run(planner.wrap("orders", flaky(1).step, { idempotent: true })(7))).toBe("replica 7");
  const store = {
    tries: 0,
    async load(): Promise<number> {
      if (this.tries++ === 0) throw down();
      return this.tries;
    },
  };
  const again = setting({ baseline: runbook({ "*": ["retry:0"] }) });
  store.load = again.planner.wrap("orders", store.load, { idempotent: true });
  expect(await again.clock.run(store.load())).toBe(2);
});

test("other parameters stay for the calls that follow", async () => {
  const { planner, clock } = setting({
    actions: {
      params: rerun((input: { batch: number }) => ({ batch: input.batch >> 1 })),
      retry: retry({ delaysMs: [0] }),
    },
    baseline: runbook({ "*": ["params", "params", "retry:0"] }),
  });
  const { step, calls } = flaky(3);
  await clock.run(planner.wrap("orders", step, { idempotent: true })({ batch: 64 }, "x"));
  expect(calls).toEqual([
    [{ batch: 64 }, "x"],
    [{ batch: 32 }, "x"],
    [{ batch: 16 }, "x"],
    [{ batch: 16 }, "x"],
  ]);
});

test("a step that may not be done twice is not: only what reads, or takes back first, is tried", async () => {
  const events: string[] = [];
  const actions = {
    retry: retry({ delaysMs: [0] }),
    rollback: undoAndReplay({ undo: async () => void events.push("undo") }),
  };
  const { planner, clock } = setting({ actions, baseline: runbook({ "*": ["retry:0", "rollback"] }) });
  const step = async () => {
    events.push("step");
    if (events.length < 3) throw down();
    return "done";
  };
  expect(await clock.run(planner.wrap("orders", step)())).toBe("done");
  expect(events).toEqual(["step", "undo", "step"]);
});

test("where taking back fails, nothing is replayed, and the step's own error comes through", async () => {
  const actions = { rollback: undoAndReplay({ undo: async () => Promise.reject(new Error("no checkpoint")) }) };
  const { planner, clock } = setting({ actions, baseline: runbook({ "*": ["rollback", "rollback"] }) });
  const { step, calls } = flaky(9);
  await expect(clock.run(planner.wrap("orders", step)(1))).rejects.toThrow("HTTP 503");
  expect(calls.length).toBe(1);
});

test("an undo that fails says nothing of the service: its breaker stays closed", async () => {
  const actions = { rollback: undoAndReplay({ undo: async () => Promise.reject(new Error("no checkpoint")) }) };
  const guard = { breaker: sampling({ minimumCalls: 6, ratio: 0.9 }), retryBudget: null };
  const { planner, clock } = setting({ actions, baseline: runbook({ "*": Array(5).fill("rollback") }), guard });
  const { step, calls } = flaky(99);
  const load = planner.wrap("orders", step);
  for (let i = 0; i < 3; i++) await expect(clock.run(load(i))).rejects.toThrow("503");
  expect(calls.length).toBe(3);
  expect(planner.admits("orders")).toBe(true);
});

test("a retry waits as long as the service asks, and is out of the question beyond the deadline", async () => {
  const busy = Object.assign(down(429), { headers: { "retry-after": "20" } });
  const patient = setting({ baseline: runbook({ "*": ["retry:0", "source"] }) });
  await patient.clock.run(patient.planner.wrap("orders", flaky(1, busy).step, { idempotent: true })(1));
  expect(patient.clock.now()).toBe(20_000);
  const hasty = setting({
    baseline: runbook({ "*": ["retry:0", "source"] }),
    guard: { breaker: null, retryBudget: null, deadlineMs: 20_000 },
  });
  expect(await hasty.clock.run(hasty.planner.wrap("orders", flaky(1, busy).step, { idempotent: true })(1))).toBe(
    "replica 1",
  );
});

test("the deadline ends a call that hangs, by its signal, and the caller gets the step's last error", async () => {
  const { planner, clock, log } = setting({
    baseline: runbook({ "*": ["retry:0"] }),
    guard: { breaker: null, retryBudget: null, deadlineMs: 5000 },
  });
  const error = down();
  let inner: AbortSignal | undefined;
  const step = async (options: { signal: AbortSignal }): Promise<string> => {
    if (options.signal === outer.signal) throw error;
    inner = options.signal;
    return new Promise(() => {});
  };
  const outer = new AbortController();
  await expect(clock.run(planner.wrap("orders", step, { idempotent: true })({ signal: outer.signal }))).rejects.toBe(
    error,
  );
  expect(inner?.aborted).toBe(true);
  expect(outer.signal.aborted).toBe(false);
  expect(clock.now()).toBe(5000);
  expect(log.records).toMatchObject([{ outcome: "deadline", terminal: true, reward: { deadline: -1 } }]);
});

test("a caller that aborts is not kept waiting", async () => {
  const { planner, clock, log, pages } = setting();
  const controller = new AbortController();
  const { step, calls } = flaky(9);
  const load = planner.wrap("orders", step, { idempotent: true })(7, controller.signal);
  clock.after(300, () => controller.abort(new Error("no longer wanted")));
  await expect(clock.run(load)).rejects.toThrow("no longer wanted");
  expect(clock.now()).toBe(300);
  expect(calls.length).toBe(1);
  expect(pages).toEqual([]);
  // As if it had been given up: to stall until the caller goes is not worth more.
  expect(log.records).toMatchObject([{ outcome: "aborted", terminal: true, reward: { escalate: -0.6 } }]);
});

test("attempts are limited, whatever the runbook says", async () => {
  const { planner, clock, log } = setting({
    baseline: runbook({ "*": Array.from({ length: 20 }, () => "retry:0") }),
    guard: { breaker: null, retryBudget: null, maxAttempts: 3 },
  });
  const { step, calls } = flaky(99);
  await expect(clock.run(planner.wrap("orders", step, { idempotent: true })(1))).rejects.toThrow("HTTP 503");
  expect(calls.length).toBe(4);
  expect(log.records.at(-1)).toMatchObject({ outcome: "attempts", terminal: true, reward: { deadline: -1 } });
});

test("the retry budget is enforced over all calls of a service, and other services have their own", async () => {
  const { planner, clock } = setting({
    baseline: runbook({ "*": ["retry:0"] }),
    guard: { breaker: null, retryBudget: tokenBucket({ perSuccess: 0, max: 2 }) },
  });
  const { step, calls } = flaky(99);
  const load = planner.wrap("orders", step, { idempotent: true });
  for (let i = 0; i < 5; i++) await expect(clock.run(load(1))).rejects.toThrow();
  expect(calls.length).toBe(5 + 2);
  const other = flaky(1);
  expect(await clock.run(planner.wrap("prices", other.step, { idempotent: true })(1))).toBe("answer to 1");
});

test("an open breaker keeps calls from the service, and recovery goes elsewhere", async () => {
  const { planner, clock, log } = setting({
    baseline: runbook({ "*": ["retry:1000", "source"] }),
    guard: { breaker: sampling({ minimumCalls: 4, openMs: 30_000 }), retryBudget: null },
  });
  const { step, calls } = flaky(99);
  const load = planner.wrap("orders", step, { idempotent: true });
  for (let i = 0; i < 4; i++) expect(await clock.run(load(i))).toBe(`replica ${i}`);
  const before = calls.length;
  expect(await clock.run(load(9))).toBe("replica 9");
  expect(calls.length).toBe(before);
  expect(log.records.at(-1)).toMatchObject({ class: "BREAKER", action: "source", outcome: "ok" });
  const only = setting({
    actions: { retry: retry({ delaysMs: [0] }) },
    baseline: runbook({ "*": ["retry:0"] }),
    guard: { breaker: sampling({ minimumCalls: 1 }), retryBudget: null },
  });
  const failing = only.planner.wrap("orders", flaky(99).step, { idempotent: true });
  await expect(only.clock.run(failing(1))).rejects.toThrow("503");
  await expect(only.clock.run(failing(1))).rejects.toThrow(BreakerOpenError);
});

test("what others gave the planner and throws fails no call", async () => {
  const throws = () => {
    throw new Error("broken");
  };
  const faults: unknown[] = [];
  const { planner, clock } = setting({
    features: (failure) => ({ error: failure.service === "specimen" ? "x" : throws() }),
    classify: throws,
    log: { append: throws, flush: async () => undefined, lost: 0 },
    telemetry: { begin: throws },
    onFault: (fault) => faults.push(fault),
  });
  expect(await clock.run(planner.wrap("orders", flaky(1).step, { idempotent: true })(7))).toBe("answer to 7");
  expect(faults.length).toBeGreaterThan(0);
});

test("while the policy is switched off, a canary counts nothing: both arms are the runbook's", async () => {
  const { planner, clock } = setting({ mode: "canary", canaryShare: 0.5 });
  await planner.adopt(constantPolicy(planner.definition, { source: 40 }));
  const live = async (calls: number) => {
    for (let i = 0; i < calls; i++) await clock.run(planner.wrap("orders", flaky(1).step, { idempotent: true })(i));
    clock.jump(2000);
    await planner.close();
  };
  await live(20);
  expect(planner.ladder.episodes).toBe(20);
  planner.killSwitch.turnOn();
  await live(20);
  expect(planner.ladder.episodes).toBe(20);
});

test("what is left of a budget can be a feature where there is no budget", async () => {
  const { planner, clock, log } = setting({ features: ({ budget }) => ({ budget }), mode: "on" });
  await planner.adopt(constantPolicy(planner.definition, { source: 40 }));
  await clock.run(planner.wrap("orders", flaky(1).step, { idempotent: true })(1));
  expect(log.records).toMatchObject([{ decider: "policy", cause: null, action: "source" }]);
});

test("options that cannot be are refused in a sentence", () => {
  expect(() => setting({ mode: "of" as never })).toThrow(
    "mode must be one of observe, shadow, suggest, canary, on, got of",
  );
  expect(() => setting({ explore: { epsilon: 2 } })).toThrow("explore.epsilon must lie in [0, 1], got 2");
  expect(() => setting({ baseline: runbook({ "*": ["sorce"] }) })).toThrow("Did you mean source?");
  expect(() => setting().planner.wrap("x", 3 as never)).toThrow("wrap: step must be a function, got number.");
});
