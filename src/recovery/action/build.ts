import type { Failure } from "../failure.ts";
import type { Action, Facts, Step } from "./action.ts";

/** The same call again, after one of these waits; each is a choice of its own. Never done where the step may have had its effect already. */
export function retry({ delaysMs, ...facts }: Facts & { readonly delaysMs: readonly number[] }): Action {
  if (delaysMs.length === 0 || !delaysMs.every((delay) => Number.isFinite(delay) && delay >= 0)) {
    throw new RangeError(`retry: delaysMs must be a list of waits of at least 0 ms, got ${JSON.stringify(delaysMs)}.`);
  }
  return { kind: "retry", delaysMs: [...new Set(delaysMs)], ...declared("retry", facts) };
}

/** The same call to another place. One that only reads says `idempotent: true`; any other is done twice only where the step may be. */
export function switchTo(
  call: Step,
  { idempotent = false, ...facts }: Facts & { readonly idempotent?: boolean } = {},
): Action {
  return { kind: "switchTo", call, idempotent, ...declared("switchTo", facts) };
}

/** The same call with its first argument changed. */
export function rerun<Input>(
  change: (input: Input, failure: Failure) => Input | Promise<Input>,
  facts: Facts = {},
): Action {
  return { kind: "rerun", change, ...declared("rerun", facts) };
}

/** The result from a place that only reads: a snapshot, a cache, a default. */
export function fetchFrom(call: Step, facts: Facts = {}): Action {
  return { kind: "fetchFrom", call, ...declared("fetchFrom", facts) };
}

/** Takes back what the failed call may have done, then does it again. If `undo` fails, nothing is replayed. */
export function undoAndReplay({ undo, ...facts }: Facts & { readonly undo: (failure: Failure) => unknown }): Action {
  return { kind: "undoAndReplay", undo, ...declared("undoAndReplay", facts) };
}

/** Gives up: tells someone, and lets the error through. Always allowed, whatever it declares. */
export function escalate(
  notify: (failure: Failure) => unknown = () => undefined,
  { cost = 0 }: Pick<Facts, "cost"> = {},
): Action {
  return { kind: "escalate", notify, ...declared("escalate", { cost }) };
}

function declared(builder: string, { cost = 0, requires = always, allow = always }: Facts) {
  if (!Number.isFinite(cost) || cost < 0) throw new RangeError(`${builder}: cost must be at least 0, got ${cost}.`);
  return { cost, requires, allow };
}

function always(): boolean {
  return true;
}
