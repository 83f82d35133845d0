import { classify } from "../classify.ts";
import type { Symptom } from "../failure.ts";
import { wasPassedOn } from "./passed-on.ts";

/** What a planner's owner says of an error; null where nothing. */
export type Classifier = (error: unknown) => Partial<Symptom> | null | undefined;

const unreadable: Symptom = { class: "OTHER", status: null, retryAfterMs: null, effect: "unknown" };

/** What an error shows: to `classify`, to who made the call, and to the planner's owner, who has the last word. None of them can fail. */
export function createSymptomOf(owner: Classifier, clock: { wall(): number }, onFault: (fault: unknown) => void) {
  function attempt<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (fault) {
      onFault(fault);
      return otherwise;
    }
  }

  return (error: unknown, seen: Partial<Symptom> = {}): Symptom => {
    const shown = attempt((): Symptom => {
      const symptom = classify(error, clock.wall());
      return wasPassedOn(error) ? { ...symptom, effect: "unknown" } : symptom;
    }, unreadable);
    const told = attempt(() => owner(error) ?? {}, {});
    return [seen, told].reduce<Symptom>(corrected, shown);
  };
}

/** What was told takes the place of what was shown, but for what is none of its kind. */
function corrected(shown: Symptom, told: Partial<Symptom>): Symptom {
  const { class: word, status, retryAfterMs, effect } = told;
  return {
    class: typeof word === "string" ? word : shown.class,
    status: status === null || Number.isInteger(status) ? (status as number | null) : shown.status,
    retryAfterMs:
      retryAfterMs === null || (typeof retryAfterMs === "number" && retryAfterMs >= 0)
        ? retryAfterMs
        : shown.retryAfterMs,
    effect: effect === "none" || effect === "unknown" ? effect : shown.effect,
  };
}
