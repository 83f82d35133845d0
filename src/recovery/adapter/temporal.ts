import type { Planner } from "../planner/create-planner.ts";
import type { StepFacts } from "../planner/step-facts.ts";

/** What of Temporal's `ApplicationFailure` is needed: the class, to make one and to know one. */
export interface TemporalFailureClass<Failure extends Error> {
  new (...args: never[]): Failure;
  create(options: {
    message?: string;
    type?: string;
    nonRetryable?: boolean;
    details?: unknown[];
    nextRetryDelay?: number;
    cause?: Error;
  }): Failure;
}

/** An activity that failed. Its `info` has it all: `activityInfo()` of @temporalio/activity. */
export interface TemporalActivity extends StepFacts {
  /** What the planner's guards and statistics are kept under. */
  readonly service: string;
  /** `info.attempt`: 1 at the first. */
  readonly attempt: number;
  /** Since `info.scheduledTimestampMs`, in milliseconds. */
  readonly elapsedMs?: number;
  /** What the activity was called with. */
  readonly args?: readonly unknown[];
}

/**
 * What to throw from an activity: Temporal waits as the planner decided, or retries no more. Attempts of one activity run in
 * many processes; before the first that is seen here, the runbook is presumed to have been followed.
 */
export function asTemporalFailure<Failure extends Error>(
  ApplicationFailure: TemporalFailureClass<Failure>,
  planner: Planner,
  error: unknown,
  { service, attempt, elapsedMs = 0, args = [], ...facts }: TemporalActivity,
): Failure | Error {
  if (isDecided(error, ApplicationFailure)) return error;
  const episode = planner.episode(service, { only: ["retry"], ...facts }, args, {
    elapsedMs,
    earlierCalls: attempt - 1,
  });
  const { choice, waitMs, failure } = episode.failed(error);
  const nonRetryable = choice.action.kind === "escalate";
  if (nonRetryable) episode.gaveUp();
  else episode.unseen(); // another process will see it
  return ApplicationFailure.create({
    message: error instanceof Error ? error.message : String(error),
    type: failure.class,
    nonRetryable,
    details: [{ planner: planner.name, service, attempt, choice: choice.name }],
    ...(!nonRetryable && { nextRetryDelay: Math.max(1, waitMs) }),
    ...(error instanceof Error && { cause: error }),
  });
}

/** A cancellation must come through as it is, and so does what the activity itself has judged. */
function isDecided(error: unknown, ApplicationFailure: TemporalFailureClass<Error>): error is Error {
  if (error instanceof ApplicationFailure) return true;
  return error instanceof Error && error.name === "CancelledFailure";
}
