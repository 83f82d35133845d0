import type { MetricName } from "../algorithm/algorithm.ts";
import type { Evaluation } from "./evaluate.ts";

/** All that a run says, one JSON line each in `events.jsonl`. Every reader lives off this contract: see docs/run.md. */
export type RunEvent =
  | Started
  | Resumed
  | Iteration
  | Evaluated
  | Checkpointed
  | Warned
  | Interrupted
  | Failed
  | Finished;

interface Said<Kind extends string> {
  readonly kind: Kind;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Environment steps so far. */
  readonly steps: number;
}

export interface Started extends Said<"started"> {
  readonly algorithm: string;
  readonly environment: string;
  readonly seed: number;
}

/** Whatever stood in the log for later steps is void: the run goes on from here. */
export interface Resumed extends Said<"resumed"> {}

/** One or several iterations of the algorithm: at most about a thousand of these tell a whole run. */
export interface Iteration extends Said<"iteration"> {
  readonly totalSteps: number;
  /** Means over the iterations told. */
  readonly metrics: Readonly<Partial<Record<MetricName, number>>>;
  /** Of the episodes that ended in them; null where none did. */
  readonly episodes: EpisodeSummary | null;
  /** Mean return of the last hundred episodes; null before the first ended. */
  readonly return: number | null;
  /** Spent training: evaluation and writing are not counted. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** How a run that did not fail ends. */
export type RunResult = Finished | Interrupted;

export interface EpisodeSummary {
  readonly count: number;
  readonly meanReturn: number;
  /** 10 % of the returns lie below. */
  readonly lowReturn: number;
  /** 10 % of the returns lie above. */
  readonly highReturn: number;
  readonly meanLength: number;
  readonly minLength: number;
  readonly maxLength: number;
  /** How many were cut short rather than ended. */
  readonly truncated: number;
}

export interface Evaluated extends Said<"evaluation"> {
  readonly evaluation: Evaluation;
  /** No evaluation before was better: this policy is now `best.safetensors`. */
  readonly best: boolean;
}

export interface Checkpointed extends Said<"checkpoint"> {
  readonly file: string;
}

export interface Warned extends Said<"warning"> {
  readonly warning: Warning;
}

/** What the doctor or the run itself has to say, in words. */
export interface Warning {
  readonly name: WarningName;
  /** What was measured, number included. */
  readonly seen: string;
  /** Why it hurts. */
  readonly why: string;
  /** What to try. */
  readonly advice: string;
}

export type WarningName =
  | "constant-advantages"
  | "truncation-unreported"
  | "episodes-never-end"
  | "entropy-collapse"
  | "kl-blow-up"
  | "saturated-actions"
  | "value-loss-diverging"
  | "observation-scale"
  | "inexact-resume"
  | "not-reproducible"
  | "damaged-checkpoint";

/** Someone asked to stop; a checkpoint was written unless nothing had happened yet. */
export interface Interrupted extends Said<"interrupted"> {}

/** What the run was about when it failed. Preparing ends with the first step of an environment. */
export type Stage = "preparing" | "training" | "evaluation" | "writing";

export interface Failed extends Said<"failed"> {
  readonly stage: Stage;
  readonly message: string;
}

export interface Finished extends Said<"finished"> {
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly parametersHash: string;
  /** Whether the same seed, options and version end with this hash. */
  readonly reproducible: boolean;
  /** Of the final policy, over episodes no earlier evaluation saw. */
  readonly evaluation: Evaluation;
  readonly best: BestPolicy | null;
}

/** The evaluation that `best.safetensors` won by. */
export interface BestPolicy {
  readonly steps: number;
  readonly mean: number;
}
