import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { asTemporalFailure } from "belay-rl/recovery";
import { expect, test } from "vitest";
import { shortWaits, told } from "./setting.ts";

const down = Object.assign(new Error("HTTP 503"), { status: 503 });

test("a failure that is worth another attempt says when", () => {
  const { planner, log } = shortWaits();
  const failure = asTemporalFailure(ApplicationFailure, planner, down, {
    service: "orders",
    attempt: 1,
    idempotent: true,
  });
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    message: "HTTP 503",
    type: "5XX",
    nonRetryable: false,
    nextRetryDelay: 1,
    details: [{ planner: "orders", service: "orders", attempt: 1, choice: "retry:1" }],
    cause: down,
  });
  expect(told(log)).toEqual(["5XX retry:1 unknown"]);
});

test("the third attempt goes on where the runbook is after two, and past its end nothing is retried", () => {
  const { planner, log } = shortWaits();
  const attempt = (number: number) =>
    asTemporalFailure(ApplicationFailure, planner, down, { service: "orders", attempt: number, idempotent: true });
  expect(attempt(3)).toMatchObject({ nonRetryable: false, nextRetryDelay: 5 });
  expect(log.records[0]).toMatchObject({ step: 0, history: [{ choice: "retry:1" }, { choice: "retry:3" }] });
  expect(attempt(4)).toMatchObject({ nonRetryable: true, type: "5XX" });
  expect(told(log)[1]).toBe("5XX giveUp escalated");
});

test("what may not be done twice, and what the service wants no sooner, is heeded", () => {
  const { planner } = shortWaits();
  const facts = { service: "orders", attempt: 1 };
  expect(asTemporalFailure(ApplicationFailure, planner, down, facts)).toMatchObject({ nonRetryable: true });
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  expect(asTemporalFailure(ApplicationFailure, planner, refused, facts)).toMatchObject({ nonRetryable: false });
  const busy = { status: 429, headers: { "retry-after": "20" } };
  expect(asTemporalFailure(ApplicationFailure, planner, busy, { ...facts, idempotent: true })).toMatchObject({
    type: "429",
    message: "[object Object]",
    nextRetryDelay: 20_000,
  });
  expect(
    asTemporalFailure(ApplicationFailure, planner, busy, { ...facts, idempotent: true, elapsedMs: 80_000 }),
  ).toMatchObject({ nonRetryable: true });
});

test("a cancellation, and what the activity judged itself, come through as they are", () => {
  const { planner, log } = shortWaits();
  const cancelled = new CancelledFailure("cancelled");
  const own = ApplicationFailure.nonRetryable("no such order");
  for (const error of [cancelled, own]) {
    expect(asTemporalFailure(ApplicationFailure, planner, error, { service: "orders", attempt: 1 })).toBe(error);
  }
  expect(log.records).toEqual([]);
});
