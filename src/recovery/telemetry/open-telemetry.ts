import type { DecisionRecord } from "../record/decision-record.ts";
import type { EpisodeSpan, Telemetry } from "./telemetry.ts";

/** What is used of OpenTelemetry's `Span`. */
export interface OtelSpan {
  setAttributes(attributes: Readonly<Record<string, string | number | boolean>>): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(time?: number): void;
  spanContext(): { readonly traceId: string };
}

/** What is used of its `Tracer`. */
export interface OtelTracer<Span extends OtelSpan, Context> {
  startSpan(name: string, options: { startTime: number }, context: Context): Span;
}

/** What is used of the package @opentelemetry/api itself. */
export interface OtelApi<Span extends OtelSpan, Context> {
  readonly context: { active(): Context };
  readonly trace: { setSpan(context: Context, span: Span): Context };
}

/** SpanStatusCode.ERROR */
const ERROR = 2;

/**
 * Spans `recovery.episode` > `recovery.attempt`, below the span that is active when a step fails:
 * `openTelemetry(trace.getTracer("orders-etl"), { context, trace })`. What OpenTelemetry throws is swallowed.
 */
export function openTelemetry<Span extends OtelSpan, Context>(
  tracer: OtelTracer<Span, Context>,
  api: OtelApi<Span, Context>,
): Telemetry {
  return {
    begin: (service, time) =>
      safely(() => openEpisode(tracer, api, service, time)) ?? { traceId: null, attempt: () => {}, end: () => {} },
  };
}

function openEpisode<Span extends OtelSpan, Context>(
  tracer: OtelTracer<Span, Context>,
  { context, trace }: OtelApi<Span, Context>,
  service: string,
  time: number,
): EpisodeSpan {
  const episode = tracer.startSpan("recovery.episode", { startTime: time }, context.active());
  const inside = trace.setSpan(context.active(), episode);
  episode.setAttributes({ "recovery.service": service });
  let attempts = 0;

  return {
    traceId: episode.spanContext().traceId,
    attempt(record) {
      attempts++;
      safely(() => {
        const span = tracer.startSpan("recovery.attempt", { startTime: record.time }, inside);
        span.setAttributes(attributesOf(record));
        close(span, record.outcome, record.time + record.durationMs);
      });
    },
    end(outcome, endTime) {
      safely(() => {
        episode.setAttributes({ "recovery.outcome": outcome, "recovery.attempts": attempts });
        close(episode, outcome, endTime);
      });
    },
  };
}

function attributesOf(record: DecisionRecord): Record<string, string | number> {
  return {
    "error.type": record.class,
    ...(record.outcome !== "escalated" && { "http.request.resend_count": record.step + 1 }),
    "recovery.service": record.service,
    "recovery.action": record.action,
    "recovery.baseline": record.baseline,
    "recovery.decider": record.decider,
    ...(record.policyHash !== null && { "recovery.policy": record.policyHash }),
    "recovery.propensity": record.propensity,
    "recovery.mode": record.mode,
    "recovery.outcome": record.outcome,
  };
}

function close(span: OtelSpan, outcome: string, time: number): void {
  if (outcome !== "ok") span.setStatus({ code: ERROR, message: outcome });
  span.end(time);
}

/** A tracer that fails must not fail the step that is being saved. */
function safely<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
