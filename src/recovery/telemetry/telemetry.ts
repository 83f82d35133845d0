import type { DecisionRecord } from "../record/decision-record.ts";

/** Where a planner tells what it does, while it does it. Nothing here throws. */
export interface Telemetry {
  /** A step has failed for the first time. `time` in milliseconds since 1970. */
  begin(service: string, time: number): EpisodeSpan;
}

/** One failure and all that is done about it. */
export interface EpisodeSpan {
  /** For the decision records; null where nothing is traced. */
  readonly traceId: string | null;
  /** A decision, once its outcome is known. */
  attempt(record: DecisionRecord): void;
  /** "ok", "escalated", "deadline", "attempts" or "aborted". */
  end(outcome: string, time: number): void;
}

/** Tells nobody. */
export const noTelemetry: Telemetry = {
  begin: () => ({ traceId: null, attempt: () => {}, end: () => {} }),
};
