import type { Choice } from "../action/action.ts";
import type { Failure } from "../failure.ts";

/** A static policy that people write: default, fallback and reference of the learned one. */
export interface Runbook {
  /** sha256 of its rules. */
  readonly hash: string;
  /** Index of the choice to take. Of those that the mask allows; escalation, which is always allowed, where its list is used up. */
  choose(failure: Failure, choices: readonly Choice[], mask: Uint8Array): number;
}
