import { expect, test } from "vitest";
import { escalate, fetchFrom, retry, undoAndReplay } from "../action/build.ts";
import { sampling } from "../guard/breaker.ts";
import { memoryLog } from "../record/memory-log.ts";
import { runbook } from "../runbook/runbook.ts";
import { testClock } from "../test-clock.ts";
import { createPlanner } from "./create-planner.ts";
import type { PlannerOptions } from "./options.ts";

const refused = (message = "refused") => Object.assign(new Error(message), { code: "ECONNREFUSED" });
const down = () => Object.assign(new Error("HTTP 503"), { status: 503 });

function setting(list: readonly string[], changes: Partial<PlannerOptions> = {}) {
  const clock = testClock();
  const log = memoryLog();
  const faults: unknown[] = [];
  const planner = createPlanner({
    name: "orders",
    features: (failure) => ({ error: failure.class }),
    actions: {
      retry: retry({ delaysMs: [0, 1000] }),
      backup: fetchFrom(async () => {
        throw refused("the backup refused");
      }),
      rollback: undoAndReplay({
        undo: async () => {
          throw refused("the undo was refused");
        },
      }),
      giveUp: escalate(),
    },
    baseline: runbook({ "*": list }),
    clock,
    log,
    seed: 1,
    onFault: (fault) => faults.push(fault),
    ...changes,
  });
  return { planner, clock, log, faults };
}

/** A step that counts its calls and always fails. */
function failing(error: unknown) {
  const calls = { count: 0 };
  return {
    calls,
    async step(): Promise<never> {
      calls.count++;
      throw error;
    },
  };
}

test("callers get the step's own last error, not that of a backup or of an undo", async () => {
  for (const action of ["backup", "rollback"]) {
    const { planner, clock } = setting([action]);
    const error = down();
    await expect(clock.run(planner.wrap("orders", failing(error).step)())).rejects.toBe(error);
  }
});

test("a recovered step within another: what the inner one lets through never counts as without effect", async () => {
  const cases: [inner: readonly string[], error: unknown][] = [
    [["backup"], down()],
    [["rollback"], down()],
    [[], refused()],
  ];
  for (const [list, error] of cases) {
    const inner = setting(list);
    const outer = setting(["retry:0", "retry:0"], { clock: inner.clock });
    let charged = 0;
    const notify = inner.planner.wrap("notify", failing(error).step);
    const checkout = outer.planner.wrap("checkout", async () => {
      charged++;
      await notify().catch((cause: unknown) => {
        throw new Error("not told", { cause });
      });
    });
    await expect(inner.clock.run(checkout())).rejects.toThrow("not told");
    expect(charged).toBe(1);
  }
});

test("a classifier that leaves the effect undefined, or a wait that is none, changes nothing", async () => {
  const told = { class: "5XX", effect: undefined, retryAfterMs: Number.NaN } as { class: string };
  const { planner, clock, log } = setting(["retry:1000"], { classify: () => told });
  const once = failing(down());
  await expect(clock.run(planner.wrap("orders", once.step)())).rejects.toThrow("503");
  expect(once.calls.count).toBe(1);
  const twice = failing(down());
  const begin = clock.now();
  await expect(clock.run(planner.wrap("orders", twice.step, { idempotent: true })())).rejects.toThrow("503");
  expect([twice.calls.count, clock.now() - begin]).toEqual([2, 1000]);
  expect(log.records[0].facts).toMatchObject({ effect: "unknown", retryAfterMs: null });
});

test("an error that cannot be read is one of an unknown kind, and comes through as it is", async () => {
  const error = Object.defineProperty(new Error("own"), "code", {
    get() {
      throw new Error("hostile");
    },
  });
  const { planner, clock, log } = setting(["retry:0"]);
  await expect(clock.run(planner.wrap("orders", failing(error).step)())).rejects.toBe(error);
  expect(log.records).toMatchObject([{ class: "OTHER", facts: { effect: "unknown" }, action: "giveUp" }]);
});

test("a runbook of somebody's own that chooses what is forbidden, or nothing, gives up, and the fault is told", async () => {
  for (const index of [0, -1, 99]) {
    const baseline = { ...runbook({ "*": ["retry:0"] }), choose: () => index };
    const { planner, clock, faults } = setting([], { baseline });
    const error = down();
    const { step, calls } = failing(error);
    await expect(clock.run(planner.wrap("orders", step)())).rejects.toBe(error);
    expect(calls.count).toBe(1);
    expect(String(faults[0])).toMatch(`the runbook must choose the index of what the mask allows, got ${index}`);
  }
});

test("telemetry that throws costs neither the answer nor another call", async () => {
  const attempt = () => {
    throw new Error("no collector");
  };
  const { planner, clock, faults } = setting(["retry:0", "retry:0"], {
    telemetry: { begin: () => ({ traceId: null, attempt, end: attempt }) },
  });
  let calls = 0;
  const step = async () => {
    if (calls++ === 0) throw down();
    return `answer ${calls}`;
  };
  expect(await clock.run(planner.wrap("orders", step, { idempotent: true })())).toBe("answer 2");
  expect(faults.length).toBe(2);
});

test("an argument that is more than its properties is passed on as it is, and its signal is still heard", async () => {
  class Context {
    readonly signal = new AbortController().signal;
    #id = 7;
    id(): number {
      return this.#id;
    }
  }
  const { planner, clock } = setting(["retry:0"]);
  let calls = 0;
  const step = async (context: Context) => {
    if (calls++ === 0) throw down();
    return context.id();
  };
  expect(await clock.run(planner.wrap("orders", step, { idempotent: true })(new Context()))).toBe(7);
});

test("calls that their caller's time limit ends open the breaker; those that the caller no longer wants do not", async () => {
  for (const [name, admitted] of [
    ["TimeoutError", false],
    ["AbortError", true],
  ] as const) {
    const { planner, clock } = setting([], { guard: { breaker: sampling({ minimumCalls: 5 }) } });
    const step = (signal: AbortSignal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    for (let i = 0; i < 5; i++) {
      const controller = new AbortController();
      const call = planner.wrap("orders", step)(controller.signal);
      clock.jump(100);
      controller.abort(new DOMException("too late", name));
      await expect(call).rejects.toThrow("too late");
    }
    expect(planner.admits("orders")).toBe(admitted);
  }
});

test("a deadline that no timer can keep is refused", () => {
  for (const deadlineMs of [Infinity, 2 ** 31, 0, Number.NaN]) {
    expect(() => setting([], { guard: { deadlineMs } })).toThrow(
      /guard.deadlineMs must be a positive number of at most/,
    );
  }
});
