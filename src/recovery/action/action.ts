import type { Failure } from "../failure.ts";

/** What every action may declare of itself. The planner masks by it; the policy never sees what is masked. */
export interface Facts {
  /** What taking it costs, in units of reward. */
  readonly cost?: number;
  /** It may be taken only where this holds. */
  readonly requires?: (failure: Failure) => boolean;
  /** The same, for what is a matter of permission rather than of possibility. */
  readonly allow?: (failure: Failure) => boolean;
}

/** A correction, as the builders make it. */
export type Action = Declared &
  (
    | { readonly kind: "retry"; readonly delaysMs: readonly number[] }
    | { readonly kind: "switchTo"; readonly call: Step; readonly idempotent: boolean }
    | { readonly kind: "rerun"; readonly change: (input: never, failure: Failure) => unknown }
    | { readonly kind: "fetchFrom"; readonly call: Step }
    | { readonly kind: "undoAndReplay"; readonly undo: (failure: Failure) => unknown }
    | { readonly kind: "escalate"; readonly notify: (failure: Failure) => unknown }
  );

export type ActionKind = Action["kind"];

interface Declared {
  readonly cost: number;
  readonly requires: (failure: Failure) => boolean;
  readonly allow: (failure: Failure) => boolean;
}

/** A call like the one that failed: it is given the same arguments. */
export type Step = (...args: never[]) => unknown;

/** One thing the policy can choose: an action with its parameter. */
export interface Choice {
  /** Its place in masks and probabilities. */
  readonly index: number;
  /** "retry:1000", "source": the action's name, and its parameter where it has one. */
  readonly name: string;
  /** The action's name alone. */
  readonly key: string;
  readonly action: Action;
  /** Waited before it is done, in milliseconds; 0 of all but retries. */
  readonly delayMs: number;
}
