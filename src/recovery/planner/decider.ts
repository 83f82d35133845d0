import type { Random } from "../../math/random.ts";
import type { DecisionRecord, Mode } from "../record/decision-record.ts";
import type { Advice, FallbackCause } from "./consult.ts";

/** Drawn once for an episode, so that each is decided by one of the two from its start to its end. */
export function armOf(mode: Mode, random: Random, share: number): DecisionRecord["arm"] {
  if (mode === "on") return "policy";
  return mode === "canary" && random.uniform() < share ? "policy" : "baseline";
}

export function deciderOf(
  index: number,
  baseline: number,
  byPolicy: boolean,
  { probabilities }: Advice,
): DecisionRecord["decider"] {
  if (!byPolicy) return index === baseline ? "baseline" : "exploration";
  if (!probabilities) return index === baseline ? "fallback" : "exploration";
  return probabilities[index] > 0 ? "policy" : "exploration";
}

/** Whether the policy failed: one that is switched off, or not there, has not. */
export function isItsFault(cause: FallbackCause): boolean {
  return cause !== "kill-switch" && cause !== "no-model" && cause !== "stale-model";
}

/** As a plain array, for JSON. */
export function listed(x: ArrayLike<number>): number[] {
  const list = new Array<number>(x.length);
  for (let i = 0; i < x.length; i++) list[i] = x[i];
  return list;
}
