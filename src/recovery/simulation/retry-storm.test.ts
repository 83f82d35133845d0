import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { eventQueue } from "./event-queue.ts";
import { retryStorm, retryStormDefaults } from "./retry-storm.ts";
import { stormClient } from "./storm-client.ts";

const patient = { name: "no retry", retryAfter: () => null };

test("events come earliest first, and in the order they were put in where times agree", () => {
  const random = createRandom(1);
  const queue = eventQueue();
  const expected = Array.from({ length: 5000 }, (_, event) => ({ time: random.integer(100), event }));
  for (const { time, event } of expected) queue.push(time, event);
  expected.sort((a, b) => a.time - b.time || a.event - b.event);
  for (const { time, event } of expected) expect([queue.pop(), queue.time]).toEqual([event, time]);
  expect(queue.pop()).toBe(-1);
});

test("without a trigger it is the M/M/1 queue: answers take 1 / (μ − λ) seconds", () => {
  const calm = { ...retryStormDefaults, load: 0.7, triggerShare: 1, durationMs: 4_000_000 };
  const result = retryStorm(stormClient(patient, createRandom(1)), createRandom(2), calm);
  expect(result.goodput).toBeGreaterThan(0.9999); // all but who is in the server at the end
  expect(result.recoverySeconds).toBe(0);
  expect(Math.abs(result.meanSeconds - 1 / (100 - 70))).toBeLessThan(0.001);
});

test("without retries the backlog of the trigger drains: 30 s · (70 − 30) requests at 30 a second, to the timeout's hundred", () => {
  const result = retryStorm(stormClient(patient, createRandom(1)), createRandom(2));
  const expected = (30 * (70 - 30) - 100) / 30;
  expect(Math.abs((result.recoverySeconds ?? NaN) - expected)).toBeLessThan(6);
  expect(Math.abs(result.goodput - (1 - expected / 310))).toBeLessThan(0.02);
});

test("a retry is paid for when it is made: at most the budget's share of calls is added", () => {
  const budget = { create: () => ({ onSuccess: () => {}, take: () => false, left: () => 0 }) };
  const retrying = { name: "retry", retryAfter: (_failure: string, n: number) => (n > 3 ? null : 100), budget };
  const result = retryStorm(stormClient(retrying, createRandom(1)), createRandom(2));
  expect(result.callsPerRequest).toBe(1);
});

test("the same seed gives the same storm", () => {
  const retrying = { name: "retry", retryAfter: (_failure: string, n: number) => (n > 2 ? null : 500) };
  const [one, other] = [3, 3].map((seed) => retryStorm(stormClient(retrying, createRandom(1)), createRandom(seed)));
  expect(one).toEqual(other);
});
