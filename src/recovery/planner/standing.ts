import type { DecisionRecord, Mode } from "../record/decision-record.ts";
import type { FallbackCause, Model } from "./consult.ts";

/** What an episode came to, for those who judge policies by it. */
export interface EpisodeOutcome {
  readonly arm: DecisionRecord["arm"];
  /** Sum of the rewards of its decisions. */
  readonly return: number;
}

/** How far the learned policy is trusted now, and who hears what comes of it. */
export interface Standing {
  mode(): Mode;
  /** Share of the episodes that the policy decides in canary. */
  canaryShare(): number;
  /** The policy in question; null while there is none. */
  model(): Model | null;
  /** Of every episode in which decisions were made. */
  episodeEnded(outcome: EpisodeOutcome): void;
  /** What the first failure of an episode looked like: drift is looked for here. */
  seen(observation: Float32Array): void;
  /** The policy's turn came, and it could not be used. */
  fellBack(cause: FallbackCause): void;
}
