import {
  type Attributes,
  type Context,
  context,
  type Span,
  type SpanOptions,
  type SpanStatus,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { DecisionRecord } from "../record/decision-record.ts";
import { openTelemetry } from "./open-telemetry.ts";

interface Told {
  readonly name: string;
  readonly parent: string | null;
  readonly start: unknown;
  readonly attributes: Attributes;
  status: SpanStatus | null;
  end: unknown;
}

/** What the tracer of the test was told, in the order of the beginnings. */
const told: Told[] = [];

/** A tracer of the real package's types that remembers. */
const tracer: Tracer = {
  startSpan(name: string, options: SpanOptions = {}, inside: Context = context.active()): Span {
    const parent = trace.getSpan(inside)?.spanContext();
    const entry: Told = {
      name,
      parent: parent?.spanId ?? null,
      start: options.startTime,
      attributes: {},
      status: null,
      end: null,
    };
    const ids = {
      traceId: parent?.traceId ?? "a".repeat(32),
      spanId: `${told.push(entry)}`.padStart(16, "0"),
      traceFlags: 1,
    };
    const span: Span = {
      spanContext: () => ids,
      setAttribute: (key, value) => span.setAttributes({ [key]: value }),
      setAttributes(attributes) {
        Object.assign(entry.attributes, attributes);
        return span;
      },
      setStatus(status) {
        entry.status = status;
        return span;
      },
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      updateName: () => span,
      end: (time) => {
        entry.end = time;
      },
      isRecording: () => true,
      recordException: () => {},
    };
    return span;
  },
  startActiveSpan: () => {
    throw new Error("not used");
  },
};

trace.setGlobalTracerProvider({ getTracer: () => tracer });
afterAll(() => trace.disable());
beforeEach(() => {
  told.length = 0;
});

const record: DecisionRecord = {
  kind: "decision",
  planner: "orders-etl",
  time: 1_700_000_000_000,
  traceId: null,
  service: "load-orders",
  episode: "e1",
  step: 0,
  mode: "canary",
  arm: "policy",
  policyHash: "abc",
  class: "TIMEOUT",
  features: {},
  history: [],
  choices: ["retry:1000", "giveUp"],
  mask: [1, 1],
  policyProbabilities: [0.8, 0.2],
  probabilities: [0.75, 0.25],
  draw: 0.3,
  action: "retry:1000",
  propensity: 0.75,
  baseline: "giveUp",
  decider: "policy",
  cause: null,
  inferenceMs: 0.1,
  outcome: "5XX",
  durationMs: 1300,
  reward: { success: 0, seconds: -0.0052, calls: -0.02, cost: 0, unhealthy: 0, escalate: 0, deadline: 0 },
  terminal: false,
};

test("an episode is a span, and each attempt a span below it, with times and attributes of their records", () => {
  const episode = openTelemetry(trace.getTracer("orders-etl"), { context, trace }).begin(
    "load-orders",
    record.time - 5,
  );
  episode.attempt(record);
  episode.attempt({
    ...record,
    step: 1,
    time: record.time + 1300,
    action: "giveUp",
    outcome: "escalated",
    policyHash: null,
  });
  episode.end("escalated", record.time + 2000);

  expect(episode.traceId).toBe("a".repeat(32));
  expect(told.map(({ name, parent, start, end }) => [name, parent, start, end])).toEqual([
    ["recovery.episode", null, record.time - 5, record.time + 2000],
    ["recovery.attempt", "0000000000000001", record.time, record.time + 1300],
    ["recovery.attempt", "0000000000000001", record.time + 1300, record.time + 2600],
  ]);
  expect(told[0].attributes).toEqual({
    "recovery.service": "load-orders",
    "recovery.outcome": "escalated",
    "recovery.attempts": 2,
  });
  expect(told[1].attributes).toEqual({
    "error.type": "TIMEOUT",
    "http.request.resend_count": 1,
    "recovery.service": "load-orders",
    "recovery.action": "retry:1000",
    "recovery.baseline": "giveUp",
    "recovery.decider": "policy",
    "recovery.policy": "abc",
    "recovery.propensity": 0.75,
    "recovery.mode": "canary",
    "recovery.outcome": "5XX",
  });
  expect(told[2].attributes).not.toHaveProperty("http.request.resend_count");
  expect(told[2].attributes).not.toHaveProperty("recovery.policy");
});

test("what failed has the status of an error, what was saved has none", () => {
  const episode = openTelemetry(trace.getTracer("orders-etl"), { context, trace }).begin("load-orders", 0);
  episode.attempt(record);
  episode.attempt({ ...record, outcome: "ok" });
  episode.end("ok", 1);
  expect(told.map(({ status }) => status?.message ?? null)).toEqual([null, "5XX", null]);
  expect(told[1].status?.code).toBe(2);
});

test("an episode belongs to the span that is active where it begins", () => {
  const outer = trace.setSpan(context.active(), tracer.startSpan("request"));
  const there = { active: () => outer };
  openTelemetry(trace.getTracer("orders-etl"), { context: there, trace }).begin("load-orders", 0);
  expect(told[1].parent).toBe("0000000000000001");
});

test("a tracer that throws disturbs nobody", () => {
  const broken = () => {
    throw new Error("exporter down");
  };
  const telemetry = openTelemetry({ startSpan: broken }, { context, trace });
  const episode = telemetry.begin("load-orders", 0);
  episode.attempt(record);
  episode.end("ok", 1);
  expect(episode.traceId).toBeNull();

  const span = { ...tracer.startSpan("half"), setAttributes: (): never => broken(), end: broken };
  let begun = 0;
  const late = { startSpan: () => (begun++ === 0 ? tracer.startSpan("whole") : span) };
  const other = openTelemetry(late, { context, trace }).begin("load-orders", 0);
  other.attempt(record);
  other.end("ok", 1);
  expect(begun).toBe(2);
});
