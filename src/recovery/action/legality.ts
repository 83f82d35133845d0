import type { Failure } from "../failure.ts";
import type { ActionKind, Choice } from "./action.ts";

/** What no policy may overstep in an episode. */
export interface Limits {
  /** Actions other than giving up. */
  readonly maxAttempts: number;
  readonly deadlineMs: number;
}

/** Writes 1 where a choice is allowed by declared facts, attempts and time; giving up always is. */
export function maskByFacts(choices: readonly Choice[], failure: Failure, limits: Limits, mask: Uint8Array): void {
  for (let i = 0; i < choices.length; i++) mask[i] = isAllowed(choices[i], failure, limits) ? 1 : 0;
}

/** Takes out of `mask` what cannot be done where the step runs; giving up always can. */
export function maskByKind(choices: readonly Choice[], only: readonly ActionKind[], mask: Uint8Array): void {
  for (const { index, action } of choices) {
    if (action.kind !== "escalate" && !only.includes(action.kind)) mask[index] = 0;
  }
}

function isAllowed({ action, delayMs }: Choice, failure: Failure, { maxAttempts, deadlineMs }: Limits): boolean {
  if (action.kind === "escalate") return true;
  const waitMs = action.kind === "retry" ? Math.max(delayMs, failure.retryAfterMs ?? 0) : 0;
  if (failure.history.length >= maxAttempts || failure.elapsedMs + waitMs >= deadlineMs) return false;
  if (repeats(action) && !failure.idempotent && failure.effect !== "none") return false;
  return holds(action.requires, failure) && holds(action.allow, failure);
}

/** Whether it does the step a second time, with whatever effect that has. */
function repeats(action: Choice["action"]): boolean {
  switch (action.kind) {
    case "retry":
    case "rerun":
      return true;
    case "switchTo":
      return !action.idempotent;
    case "fetchFrom":
    case "undoAndReplay": // it is taken back first
    case "escalate":
      return false;
    default:
      throw new TypeError(`maskByFacts: unknown action ${JSON.stringify(action satisfies never)}.`);
  }
}

/** A fact that cannot be told does not hold. */
function holds(fact: (failure: Failure) => boolean, failure: Failure): boolean {
  try {
    return fact(failure) === true;
  } catch {
    return false;
  }
}
