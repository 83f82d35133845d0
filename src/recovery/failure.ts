/** Whether the failed call can have had an effect on the world. A refused connection surely had none. */
export type Effect = "none" | "unknown";

/** What one error shows, before the planner adds what it knows itself. */
export interface Symptom {
  /** The error in one word: "TIMEOUT", "5XX", "429". */
  readonly class: string;
  /** HTTP's, where there is one. */
  readonly status: number | null;
  /** What the service asked for, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** Of a `Failure`: "none" only where no call of the episode that was not taken back can have had one. */
  readonly effect: Effect;
}

/** A correction already taken in this episode, and what came of it. */
export interface Attempted {
  /** Name of the choice: "retry:1000". */
  readonly choice: string;
  /** Class of the failure that it answered. */
  readonly class: string;
  /** "ok", or the class of the failure that it met. */
  readonly outcome: string;
  /** From the decision to the outcome, waiting included. */
  readonly durationMs: number;
}

/** A number that a feature can show, unlike infinity. */
export const UNLIMITED_RETRIES = 1000;

export type BreakerState = "closed" | "open" | "half-open";

/** What can be seen of a failure: all that features, masks, guards and runbooks may read. Its cause is hidden. */
export interface Failure extends Symptom {
  /** The name that the step was wrapped under. */
  readonly service: string;
  readonly error: unknown;
  /** Calls made in this episode: 1 at the first failure. */
  readonly attempt: number;
  /** Since the first call began. */
  readonly elapsedMs: number;
  /** elapsedMs over the deadline, in [0, 1]. */
  readonly timeShare: number;
  /** What the step was called with. */
  readonly args: readonly unknown[];
  /** Whether the step may be done twice. */
  readonly idempotent: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly breaker: { readonly state: BreakerState };
  /** Shares of this service's calls that failed, in the last 10 seconds, minute, 10 minutes; 0 where there were none. */
  readonly stats: { readonly errorRate10s: number; readonly errorRate: number; readonly errorRate10m: number };
  /** By name of an action: the share of its tries in the last minute that failed; 0 where there were none. */
  readonly health: Readonly<Record<string, number>>;
  /** Retries that the budget still allows; `UNLIMITED_RETRIES` where there is none. */
  readonly budget: number;
  /** Oldest first. */
  readonly history: readonly Attempted[];
}
