import { classify } from "belay-rl/recovery";
import CircuitBreaker from "opossum";
import { expect, onTestFinished, test } from "vitest";
import { shortWaits, told } from "./setting.ts";

const down = () => Object.assign(new Error("HTTP 503"), { status: 503 });

function breakerOf(step: (n: number) => Promise<string>, options: CircuitBreaker.Options = {}) {
  const breaker = new CircuitBreaker(step, { timeout: 1000, resetTimeout: 60_000, ...options });
  onTestFinished(() => breaker.shutdown());
  return breaker;
}

test("inside opossum, a step that the planner saved is a success to the breaker", async () => {
  const { planner, log } = shortWaits();
  let calls = 0;
  const load = planner.wrap(
    "orders",
    async (n: number) => {
      if (calls++ < 2) throw down();
      return `answer to ${n}`;
    },
    { idempotent: true },
  );
  const breaker = breakerOf(load);
  expect(await breaker.fire(7)).toBe("answer to 7");
  expect([breaker.stats.failures, breaker.opened]).toEqual([0, false]);
  expect(told(log)).toEqual(["5XX retry:1 5XX", "5XX retry:3 ok"]);
});

test("around opossum, its open breaker is classed as one, and surely without effect", async () => {
  const { planner, log } = shortWaits();
  const breaker = breakerOf(() => Promise.reject(down()), { volumeThreshold: 1, errorThresholdPercentage: 1 });
  const load = planner.wrap("orders", (n: number) => breaker.fire(n), { idempotent: true });
  await expect(load(7)).rejects.toThrow("Breaker is open");
  expect(told(log)).toEqual([
    "5XX retry:1 BREAKER",
    "BREAKER retry:3 BREAKER",
    "BREAKER retry:5 BREAKER",
    "BREAKER giveUp escalated",
  ]);
  const error = await breaker.fire(7).catch((caught: unknown) => caught);
  expect(classify(error, 0)).toMatchObject({ class: "BREAKER", effect: "none" });
});

test("opossum's timeout is one, and its limit of calls at once keeps back", async () => {
  const never = () => new Promise<string>(() => undefined);
  const late = await breakerOf(never, { timeout: 1 })
    .fire(1)
    .catch((error: unknown) => error);
  expect(classify(late, 0)).toMatchObject({ class: "TIMEOUT", effect: "unknown" });
  const busy = await breakerOf(never, { capacity: 0 })
    .fire(1)
    .catch((error: unknown) => error);
  expect(classify(busy, 0)).toMatchObject({ class: "BREAKER", effect: "none" });
});
