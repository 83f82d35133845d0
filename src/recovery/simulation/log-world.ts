import type { Random } from "../../math/random.ts";
import type { Symptom } from "../failure.ts";
import type { DecisionRecord, RecordedFacts } from "../record/decision-record.ts";

/** What a failed call looked like, and what its step may do. */
export type Scene = Symptom & Pick<RecordedFacts, "idempotent" | "tags"> & { readonly service: string };

/** What a log shows of the world that it was written in: counts, from the particular to the general. */
export interface LogWorld {
  /** How first failures looked. */
  readonly scenes: readonly Scene[];
  /** How likely a choice saves a step of this service, in a failure of this class, after so many others did not. */
  chance(service: string, failureClass: string, choice: string, failed: number): number;
  /** What one such try took, in milliseconds. */
  durationMs(service: string, choice: string, saved: boolean, random: Random): number;
  /** How the failure after a failure of this class looks. */
  next(service: string, failureClass: string, random: Random): Symptom;
}

/** Failures beyond this many tell no more. */
const DEEPEST = 3;
/** Durations that are drawn from; with fewer, those of all services. */
const FEWEST = 5;

interface Count {
  tries: number;
  saved: number;
}

/** `smoothing`: so many tries weigh as much as what is known in general. A choice that was never tried saves nothing. */
export function logWorld(records: readonly DecisionRecord[], smoothing: number): LogWorld {
  const counts = new Map<string, Count>();
  const durations = new Map<string, number[]>();
  const successors = new Map<string, Symptom[]>();
  const scenes: Scene[] = [];

  for (let i = 0; i < records.length; i++) {
    const { service, class: word, action, outcome, durationMs, step, history, terminal } = records[i];
    const here = symptomOf(records[i]);
    if (step === 0) scenes.push({ ...here, ...plainFacts, ...records[i].facts, service });
    if (outcome === "escalated" || outcome === "aborted") continue;
    const saved = outcome === "ok";
    for (const key of chanceKeys(service, word, action, history.length)) {
      const count = entry(counts, key, () => ({ tries: 0, saved: 0 }));
      count.tries += 1;
      if (saved) count.saved += 1;
    }
    for (const key of durationKeys(service, action, saved)) entry(durations, key, () => []).push(durationMs);
    if (saved || terminal) continue; // how the last failure looked was not written down
    const after = symptomOf(records[i + 1]);
    for (const key of successorKeys(service, word)) entry(successors, key, () => []).push(after);
  }

  return {
    scenes,
    chance(service, failureClass, choice, failed) {
      let chance = 0;
      for (const key of chanceKeys(service, failureClass, choice, failed)) {
        const { tries, saved } = counts.get(key) ?? nothing;
        chance = (saved + smoothing * chance) / (tries + smoothing);
      }
      return chance;
    },
    durationMs(service, choice, saved, random) {
      const known = durationKeys(service, choice, saved).map((key) => durations.get(key) ?? []);
      return drawFrom(known.find(({ length }) => length >= FEWEST) ?? known[known.length - 1], random) ?? 0;
    },
    next(service, failureClass, random) {
      // One of `smoothing` such draws comes from the failures of all services, however many there are of this one.
      const [own, all] = successorKeys(service, failureClass).map((key) => successors.get(key) ?? []);
      const isOwn = random.uniform() * (own.length + smoothing) < own.length;
      return drawFrom(isOwn ? own : all, random) ?? scenes[random.integer(scenes.length)];
    },
  };
}

const nothing: Count = { tries: 0, saved: 0 };

/** Of logs that were written before facts were. */
const plainFacts = { idempotent: true, tags: {} };

function symptomOf({ class: word, facts }: DecisionRecord): Symptom {
  const { status = null, retryAfterMs = null, effect = "unknown" } = facts ?? {};
  return { class: word, status, retryAfterMs, effect };
}

/** The general first: each is smoothed towards the one before. */
function chanceKeys(service: string, word: string, choice: string, failed: number): string[] {
  const particular = `${choice}|${word}|${service}`;
  return [choice, `${choice}|${word}`, particular, `${particular}|${Math.min(failed, DEEPEST)}`];
}

/** The particular first. */
function durationKeys(service: string, choice: string, saved: boolean): string[] {
  return [`${choice}|${saved}|${service}`, `${choice}|${saved}`, choice];
}

function successorKeys(service: string, word: string): string[] {
  return [`${word}|${service}`, word];
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function drawFrom<T>(list: readonly T[], random: Random): T | undefined {
  return list.length > 0 ? list[random.integer(list.length)] : undefined;
}
