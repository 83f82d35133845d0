import type { ActionKind } from "../action/action.ts";

/** Facts about a step that its owner declares. */
export interface StepFacts {
  /** Whether it may be done twice; false unless said. */
  readonly idempotent?: boolean;
  /** For features, masks and runbooks: { freshness: "critical" }. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The kinds of action that can be done where the step runs; all unless given. Giving up always can. */
  readonly only?: readonly ActionKind[];
}

/** What went before the failure that an episode opens with, where others made the calls. */
export interface Beginning {
  /** Since the first call began. */
  readonly elapsedMs?: number;
  /** Calls that failed elsewhere, before this one: the runbook is presumed to have been followed. */
  readonly earlierCalls?: number;
}
