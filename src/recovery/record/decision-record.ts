import type { Attempted, Failure } from "../failure.ts";
import type { RewardParts } from "../reward.ts";

/** How far the learned policy is trusted, step by step. */
export type Mode = "observe" | "shadow" | "suggest" | "canary" | "on";

/** Who decided: the policy, its exploration, the runbook because it is in charge, or the runbook because the policy could not be used. */
export type Decider = "policy" | "exploration" | "baseline" | "fallback";

/** A value of a feature, before it is encoded. */
export type FeatureValue = number | string | boolean | null;

/** Of the step, and of the failure as it came. */
export type RecordedFacts = Pick<Failure, "idempotent" | "tags" | "status" | "retryAfterMs" | "effect">;

/** One decision and what came of it: a line of the audit log. Replayed with the same policy, it gives the same action. */
export interface DecisionRecord {
  readonly kind: "decision";
  readonly planner: string;
  /** Milliseconds since 1970, of the decision. */
  readonly time: number;
  readonly traceId: string | null;
  readonly service: string;
  /** Unique among all processes. */
  readonly episode: string;
  /** 0 at the episode's first decision. */
  readonly step: number;
  readonly mode: Mode;
  /** Which arm of a canary the episode belongs to. */
  readonly arm: "policy" | "baseline";
  /** Of the learned policy that was consulted; null where none was. */
  readonly policyHash: string | null;
  readonly class: string;
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** What a simulator made of the log must know beyond the features. */
  readonly facts?: RecordedFacts;
  /** What had been tried before, oldest first. */
  readonly history: readonly Attempted[];
  /** Names of all choices, and 1 where one was allowed. */
  readonly choices: readonly string[];
  readonly mask: readonly number[];
  /** What the learned policy gave each choice; null where none was consulted or it could not be used. */
  readonly policyProbabilities: readonly number[] | null;
  /** What the choice was drawn from, exploration included. */
  readonly probabilities: readonly number[];
  /** The uniform number that drew it. */
  readonly draw: number;
  readonly action: string;
  /** probabilities[action] */
  readonly propensity: number;
  /** What the runbook would have done. */
  readonly baseline: string;
  readonly decider: Decider;
  /** Of a fallback: "exception", "not-finite", "slow", "unknown-value", "no-model", "stale-model", "kill-switch"; else null. */
  readonly cause: string | null;
  /** What the policy took to decide, in milliseconds. */
  readonly inferenceMs: number;
  /** "ok", the class of the failure that the action met, "escalated", "deadline", "attempts", "aborted", or "unknown" to who decided. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly reward: RewardParts;
  readonly terminal: boolean;
}

/** Where records go. */
export interface DecisionLog {
  /** Never throws and never waits: what cannot be written is counted. */
  append(record: DecisionRecord): void;
  /** Resolves when all that was appended would survive a power cut, or is known to be lost. */
  flush(): Promise<void>;
  /** Records that could not be written. */
  readonly lost: number;
}

export function factsOf({ idempotent, tags, status, retryAfterMs, effect }: Failure): RecordedFacts {
  return { idempotent, tags, status, retryAfterMs, effect };
}
