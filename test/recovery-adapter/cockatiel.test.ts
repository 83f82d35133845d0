import { asCockatielPolicy, classify, fetchFrom, retry, runbook } from "belay-rl/recovery";
import {
  bulkhead,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type IPolicy,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { expect, test } from "vitest";
import { shortWaits, told } from "./setting.ts";

const down = () => Object.assign(new Error("HTTP 503"), { status: 503 });

/** Fails so many times, then answers with the context it got. */
function flaky(failures: number) {
  let calls = 0;
  return async <T>(context: T): Promise<T> => {
    if (calls++ < failures) throw down();
    return context;
  };
}

test("it is a policy of cockatiel, to the compiler and at work", async () => {
  const { planner, log, waits } = shortWaits();
  const policy: IPolicy<{ signal: AbortSignal; attempt: number }> = asCockatielPolicy(planner, "orders", {
    idempotent: true,
  });
  const events: string[] = [];
  policy.onSuccess(() => events.push("success"));
  const deaf = policy.onFailure(({ handled, reason }) =>
    events.push(`${handled} ${(reason as { error: Error }).error}`),
  );
  expect((await policy.execute(flaky(2))).attempt).toBe(2);
  await expect(policy.execute(flaky(9))).rejects.toThrow("HTTP 503");
  deaf.dispose();
  await expect(policy.execute(flaky(9))).rejects.toThrow("HTTP 503");
  expect(events).toEqual(["success", "true Error: HTTP 503"]);
  expect(told(log).slice(0, 2)).toEqual(["5XX retry:1 5XX", "5XX retry:3 ok"]);
  expect(waits).toContain(3);
});

test("under a timeout, waiting ends with it", async () => {
  const { planner, log } = shortWaits({
    actions: { retry: retry({ delaysMs: [60_000] }) },
    baseline: runbook({ "*": ["retry:60000"] }),
    clock: undefined as never,
  });
  const policy = wrap(
    timeout(20, TimeoutStrategy.Aggressive),
    asCockatielPolicy(planner, "orders", { idempotent: true }),
  );
  await expect(policy.execute(flaky(9))).rejects.toThrow("timed out after 20ms");
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(told(log)).toEqual(["5XX retry:60000 aborted"]);
});

test("around cockatiel's breaker, an open breaker is no failure of the service", async () => {
  const { planner, log } = shortWaits();
  const breaker: CircuitBreakerPolicy = circuitBreaker(handleAll, {
    halfOpenAfter: 60_000,
    breaker: new ConsecutiveBreaker(2),
  });
  const policy = wrap(asCockatielPolicy(planner, "orders", { idempotent: true }), breaker);
  await expect(policy.execute(flaky(9))).rejects.toThrow("circuit breaker is open");
  expect(told(log)).toEqual([
    "5XX retry:1 5XX",
    "5XX retry:3 BREAKER",
    "BREAKER retry:5 BREAKER",
    "BREAKER giveUp escalated",
  ]);
  expect(log.records[0].reward.calls).toBe(-0.02);
});

test("cockatiel's errors are classed: what was kept back had no effect, what timed out may have", async () => {
  const full = bulkhead(1);
  void full.execute(() => new Promise(() => undefined));
  const errors = await Promise.all(
    [
      wrap(full).execute(() => undefined),
      timeout(1, TimeoutStrategy.Aggressive).execute(() => new Promise(() => undefined)),
    ].map((promise) => Promise.resolve(promise).catch((error: unknown) => error)),
  );
  expect(errors.map((error) => classify(error, 0))).toMatchObject([
    { class: "BREAKER", effect: "none" },
    { class: "TIMEOUT", effect: "unknown" },
  ]);
});

test("other places are asked only by who says so, and are given cockatiel's context", async () => {
  const changes = {
    actions: { backup: fetchFrom((context: { signal: AbortSignal }) => `snapshot, ${context.signal.aborted}`) },
    baseline: runbook({ "*": ["backup"] }),
  };
  const closed = asCockatielPolicy(shortWaits(changes).planner, "orders");
  await expect(closed.execute(flaky(9))).rejects.toThrow("HTTP 503");
  const open = asCockatielPolicy<string>(shortWaits(changes).planner, "orders", { only: ["fetchFrom"] });
  expect(await open.execute(flaky(9))).toBe("snapshot, false");
});
