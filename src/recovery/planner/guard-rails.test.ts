import { expect, test } from "vitest";
import { escalate, fetchFrom, rerun, retry, undoAndReplay } from "../action/build.ts";
import { behaviour } from "../behaviour.ts";
import { constantPolicy } from "../bench/constant-policy.ts";
import { category } from "../feature/encoding.ts";
import { sampling } from "../guard/breaker.ts";
import { fallbackBudget } from "../guard/fallback-budget.ts";
import { callSwitch } from "../guard/kill-switch.ts";
import { tokenBucket } from "../guard/token-bucket.ts";
import { memoryLog } from "../record/memory-log.ts";
import { runbook } from "../runbook/runbook.ts";
import { testClock } from "../test-clock.ts";
import { createConsult } from "./consult.ts";
import { createPlanner } from "./create-planner.ts";
import type { PlannerOptions } from "./options.ts";

const down = (status = 503) => Object.assign(new Error(`HTTP ${status}`), { status });
const refused = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

function setting(list: readonly string[], changes: Partial<PlannerOptions> = {}) {
  const clock = testClock();
  const log = memoryLog();
  const planner = createPlanner({
    name: "orders",
    features: (failure) => ({ error: failure.class }),
    actions: {
      retry: retry({ delaysMs: [0] }),
      params: rerun((input: number) => input >> 1),
      backup: fetchFrom(async () => "snapshot", { cost: 2 }),
      rollback: undoAndReplay({ undo: () => undefined }),
      giveUp: escalate(),
    },
    baseline: runbook({ "*": list }),
    guard: { breaker: null, retryBudget: null, maxInferenceMs: 1000 },
    clock,
    log,
    seed: 1,
    ...changes,
  });
  const decide = (errors: readonly unknown[], idempotent = true) => {
    const episode = planner.episode("orders", { idempotent });
    const names = errors.map((error) => episode.failed(error).choice.name);
    episode.gaveUp();
    return names;
  };
  return { planner, clock, log, decide };
}

test("other parameters are a second time, too: not where a step may not be done twice", () => {
  const { decide } = setting(["params"]);
  expect(decide([down()], true)).toEqual(["params"]);
  expect(decide([down()], false)).toEqual(["giveUp"]);
  expect(decide([refused()], false)).toEqual(["params"]);
});

test("what was taken back counts no more: a replay that was refused may be retried", async () => {
  const { planner, clock } = setting(["rollback", "retry:0"]);
  let calls = 0;
  const step = async () => {
    calls++;
    if (calls < 3) throw calls === 1 ? down() : refused();
    return "done";
  };
  expect(await clock.run(planner.wrap("orders", step)())).toBe("done");
});

test("successes pay for retries, and costly actions are paid from their budget", () => {
  const guard = {
    breaker: null,
    retryBudget: tokenBucket({ perSuccess: 0.5, max: 1 }),
    fallbackBudget: fallbackBudget({ perMinute: 3 }),
  };
  const { planner, decide } = setting(["retry:0", "backup"], { guard });
  expect(decide([down()])).toEqual(["retry:0"]);
  expect(decide([down()])).toEqual(["backup"]);
  expect(decide([down()])).toEqual(["giveUp"]);
  planner.succeeded("orders");
  expect(decide([down()])).toEqual(["giveUp"]);
  planner.succeeded("orders");
  expect(decide([down()])).toEqual(["retry:0"]);
});

test("the caller's own mistakes open no breaker", () => {
  for (const [status, admitted] of [
    [400, true],
    [404, true],
    [503, false],
  ] as const) {
    const { planner, decide } = setting([], { guard: { breaker: sampling({ minimumCalls: 5 }) } });
    for (let i = 0; i < 10; i++) decide([down(status)]);
    expect(planner.admits("orders"), String(status)).toBe(admitted);
  }
});

test("chances that are none, and a switch that cannot be read, leave the decision to the runbook", async () => {
  const { planner, clock } = setting(["retry:0"]);
  const { definition } = planner;
  const switches = [callSwitch()];
  const consult = createConsult(definition, { clock, killSwitches: switches, maxInferenceMs: 1, maxModelAgeMs: 10 });
  const episode = planner.episode("orders", { idempotent: true });
  const { failure } = episode.failed(down());
  const mask = Uint8Array.from([1, 1, 1, 0, 1]);
  const causeOf = (chances: readonly number[], trainedAt: number | null = null, tookMs = 0) => {
    const probabilities = (_: Float32Array, __: Uint8Array, out: Float32Array) => {
      clock.jump(tookMs);
      out.set(chances);
    };
    return consult({ policy: { hash: "", probabilities }, trainedAt }, failure, mask).cause;
  };
  expect(causeOf([0.5, 0.5, 0, 0, 0])).toBeNull();
  expect(causeOf([0.5, 0, 0, 0.5, 0])).toBe("not-finite");
  expect(causeOf([0.5, 0.2, 0, 0, 0])).toBe("not-finite");
  expect(causeOf([1.5, -0.5, 0, 0, 0])).toBe("not-finite");
  expect(causeOf([Number.NaN, 0, 0, 0, 1])).toBe("not-finite");
  expect(causeOf([1, 0, 0, 0, 0], null, 5)).toBe("slow");
  expect(causeOf([1, 0, 0, 0, 0], clock.wall() - 11)).toBe("stale-model");
  switches[0].isOn = () => {
    throw new Error("no such file");
  };
  expect(causeOf([1, 0, 0, 0, 0])).toBe("kill-switch");
});

test("the kill switch ends exploration, and is no fault of the policy's", async () => {
  const { planner, decide, log } = setting(["retry:0"], {
    mode: "on",
    explore: { epsilon: 1, among: "legal" },
    rules: { maxFallbacks: 5, fallbackShare: 0 },
  });
  await planner.adopt(constantPolicy(planner.definition, { backup: 40 }));
  planner.killSwitch.turnOn();
  for (let i = 0; i < 50; i++) expect(decide([down()])).toEqual(["retry:0"]);
  expect(log.records[0]).toMatchObject({ decider: "fallback", cause: "kill-switch", propensity: 1 });
  await planner.close();
  expect(planner.ladder.mode).toBe("on");
});

test("plausible is what the runbook does, and what the policy gives at least a twentieth", () => {
  const { planner } = setting([]);
  const decided = {
    choices: planner.definition.choices,
    mask: Uint8Array.from([1, 1, 1, 1, 1]),
    baseline: 0,
    advice: Float32Array.from([0, 0.6, 0.04, 0.16, 0.2]),
    exploration: { epsilon: 0.3, among: "plausible" },
  } as const;
  const close = (chances: readonly number[]) => chances.map((chance) => expect.closeTo(chance, 6));
  expect([...behaviour({ ...decided, byPolicy: false })]).toEqual(close([0.8, 0.1, 0, 0.1, 0]));
  const [rest, sum] = [0.7, 0.96];
  expect([...behaviour({ ...decided, byPolicy: true })]).toEqual(
    close([0.1, (rest * 0.6) / sum + 0.1, 0, (rest * 0.16) / sum + 0.1, (rest * 0.2) / sum]),
  );
});

test("a call while the breaker is not closed has its shadow price", async () => {
  const { planner, clock, log } = setting([], {
    guard: { breaker: sampling({ minimumCalls: 2, openMs: 1000 }), retryBudget: null },
    baseline: runbook({ BREAKER: ["backup"] }),
  });
  const load = planner.wrap("orders", async () => {
    throw down();
  });
  for (let i = 0; i < 2; i++) await expect(clock.run(load())).rejects.toThrow("503");
  expect(await clock.run(load())).toBe("snapshot");
  expect(log.records.map(({ action, reward }) => [action, reward.unhealthy])).toEqual([
    ["giveUp", 0],
    ["giveUp", 0],
    ["backup", -0.1],
  ]);
});

test("drift is judged by an episode's first failure, however many follow", async () => {
  const { planner } = setting(["retry:0", "params"], {
    features: (failure) => ({ attempt: String(failure.attempt) }),
    encoding: { attempt: category(["1", "2", "3"]) },
    reward: { perCall: 0, perSecond: 0 },
    mode: "on",
    drift: { referenceEpisodes: 200, window: 100 },
  });
  await planner.adopt(constantPolicy(planner.definition, { "retry:0": 40 }));
  for (let i = 0; i < 1000; i++) {
    const episode = planner.episode("orders", { idempotent: true });
    for (let failures = i < 500 ? 1 : 3; failures > 0; failures--) episode.failed(down());
    if (i % 2) episode.succeeded();
    else episode.aborted();
  }
  await planner.close();
  expect(planner.ladder.history.at(-1)?.reason).toMatch(/of the options/);
});

test("what was taken back after the deadline is not done again", async () => {
  let calls = 0;
  const clock = testClock();
  const { planner } = setting(["rollback"], {
    clock,
    guard: { breaker: null, retryBudget: null, deadlineMs: 1000 },
    actions: { rollback: undoAndReplay({ undo: () => new Promise<void>((done) => clock.after(5000, done)) }) },
  });
  const step = async () => {
    calls++;
    throw down();
  };
  await expect(clock.run(planner.wrap("orders", step)())).rejects.toThrow("503");
  expect(clock.now()).toBe(1000);
  await clock.run(new Promise<void>((done) => clock.after(9000, done)));
  expect(calls).toBe(1);
});

test("a retry that waited goes to no service whose breaker opened meanwhile", async () => {
  let calls = 0;
  const { planner, clock, log } = setting(["retry:1000"], {
    actions: { retry: retry({ delaysMs: [1000] }) },
    guard: { breaker: sampling({ minimumCalls: 5 }), retryBudget: null },
  });
  const step = async () => {
    calls++;
    throw down();
  };
  const call = planner.wrap("orders", step, { idempotent: true })();
  clock.after(500, () => {
    for (let i = 0; i < 5; i++) planner.episode("orders").failed(down());
  });
  await expect(clock.run(call)).rejects.toThrow("503");
  expect(calls).toBe(1);
  expect(log.records[0]).toMatchObject({ action: "retry:1000", outcome: "BREAKER", durationMs: 1000 });
});

test("neither timers nor listeners are left behind, whether a call was saved or no longer wanted", async () => {
  const live = { timers: 0, listeners: 0 };
  const inner = testClock();
  const after = (milliseconds: number, callback: () => void) => {
    let isOpen = true;
    const end = () => {
      if (isOpen) live.timers--;
      isOpen = false;
    };
    live.timers++;
    const cancel = inner.after(milliseconds, () => {
      end();
      callback();
    });
    return () => {
      end();
      cancel();
    };
  };
  const { planner } = setting(["retry:1000"], {
    clock: { ...inner, after },
    actions: { retry: retry({ delaysMs: [1000] }) },
  });
  for (const abortsAfterMs of [null, 500]) {
    const controller = new AbortController();
    const { signal } = controller;
    const counted = {
      get aborted() {
        return signal.aborted;
      },
      get reason() {
        return signal.reason;
      },
      addEventListener(type: "abort", listener: () => void) {
        live.listeners++;
        signal.addEventListener(type, listener);
      },
      removeEventListener(type: "abort", listener: () => void) {
        live.listeners--;
        signal.removeEventListener(type, listener);
      },
    };
    let calls = 0;
    const load = planner.wrap(
      "orders",
      async (_: unknown) => {
        if (calls++ === 0) throw down();
        return "done";
      },
      { idempotent: true },
    );
    if (abortsAfterMs !== null) inner.after(abortsAfterMs, () => controller.abort("enough"));
    const end = await inner.run(load(counted).catch((reason) => reason));
    expect([end, live]).toEqual([abortsAfterMs === null ? "done" : "enough", { timers: 0, listeners: 0 }]);
  }
});

test("what is normal is learned anew for a new policy", async () => {
  const { planner } = setting(["retry:0"], { mode: "on", drift: { referenceEpisodes: 200, window: 100 } });
  for (const [choice, status] of [
    ["retry:0", 503],
    ["params", 429],
  ] as const) {
    await planner.adopt(constantPolicy(planner.definition, { [choice]: 40 }));
    for (let i = 0; i < 500; i++) {
      const episode = planner.episode("orders", { idempotent: true });
      episode.failed(down(status));
      if (i % 2) episode.succeeded();
      else episode.aborted();
    }
  }
  await planner.close();
  expect(planner.ladder.history.at(-1)?.reason).toMatch(/of the options/);
});
