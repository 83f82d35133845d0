import type { Random } from "../../math/random.ts";
import { log1p } from "../../math/transcendental.ts";
import type { Symptom } from "../failure.ts";
import {
  type BenchService,
  type Cause,
  causes,
  classChances,
  type FailureClass,
  failureClasses,
  type Remedy,
  recoveryBenchServices,
  remedies,
  remedyNames,
} from "./recovery-bench-services.ts";
import type { SimulatedEpisode, SimulatedOutcome, Simulator } from "./simulator.ts";

export interface RecoveryBenchOptions {
  /** "RecoveryBench-0" unless given. */
  readonly id?: string;
  /** One is drawn for each episode, all equally likely. RecoveryBench-0's unless given. */
  readonly services?: readonly BenchService[];
  /** Added to the chance of an outage, before the chances are made to sum to 1 again. */
  readonly drift?: number;
}

/** An episode that gives its cause away: for judges, not for policies. */
export interface RecoveryBenchEpisode extends SimulatedEpisode {
  readonly cause: Cause;
}

/** How often an episode must not be served old data, which forbids the backup. */
const criticalShare = 0.4;
/** A call's own time, beyond the wait before it. */
const callSeconds = 0.3;
/** Shorter waits do not ease a throttle. */
const shortestEasing = 2;
const retrySuccess = { passed: 0.98, present: 0.01 };

const critical = { freshness: "critical" };
const relaxed = { freshness: "any" };

/**
 * RecoveryBench-0: four services, five hidden causes. Only `retry:<milliseconds>` and the remedies can be attempted.
 * Chance comes from streams of the episode's own: the same episode, whoever decides, has the same cause and luck.
 */
export function recoveryBench({
  id = "RecoveryBench-0",
  services = recoveryBenchServices,
  drift = 0,
}: RecoveryBenchOptions = {}): Simulator<RecoveryBenchEpisode> {
  const priors = services.map(({ prior }) => causes.map((cause) => prior[cause] + (cause === "outage" ? drift : 0)));
  return {
    id,
    start(random) {
      const chance = random.split();
      const index = chance.integer(services.length);
      const cause = causes[drawIndex(priors[index], chance.uniform())];
      return startEpisode(services[index], cause, chance);
    },
  };
}

function startEpisode(service: BenchService, cause: Cause, chance: Random): RecoveryBenchEpisode {
  const isCritical = chance.uniform() < criticalShare;
  // Waits that pass with 1 − exp(−w/τ) each are one exponential waiting time, met piece by piece.
  const passesAfter = isPassing(cause) ? -service.passing[cause] * log1p(-chance.uniform()) : Infinity;
  // One number decides over each remedy, however often it is tried.
  const luck = remedyNames.map(() => chance.uniform());
  const [calls, symptoms] = [chance.split(), chance.split()];
  const shows = classChances[cause];
  let waited = 0;

  const nextSymptom = () => symptomOf[failureClasses[drawIndex(shows, symptoms.uniform())]];
  const hasPassed = () => waited > passesAfter;

  function retry(wait: number): SimulatedOutcome {
    if (cause !== "throttle" || wait >= shortestEasing) waited += wait;
    const isSuccess = calls.uniform() < (hasPassed() ? retrySuccess.passed : retrySuccess.present);
    return { seconds: wait + callSeconds, symptom: isSuccess ? null : nextSymptom() };
  }

  function remedy(place: number): SimulatedOutcome {
    const { seconds, success, successOncePassed }: Remedy = remedies[remedyNames[place]];
    const usual = (success ?? service.secondary)[cause];
    const isSuccess = luck[place] < (successOncePassed !== null && hasPassed() ? successOncePassed : usual);
    return { seconds, symptom: isSuccess ? null : nextSymptom() };
  }

  return {
    service: service.name,
    idempotent: true,
    tags: isCritical ? critical : relaxed,
    cause,
    symptom: nextSymptom(),
    attempt(choice) {
      const place = (remedyNames as readonly string[]).indexOf(choice);
      if (place >= 0) return remedy(place);
      const delayMs = /^retry:(\d+)$/.exec(choice)?.[1];
      if (delayMs !== undefined) return retry(Number(delayMs) / 1000);
      throw new RangeError(
        `RecoveryBench: choice must be retry:<milliseconds>, ${remedyNames.join(", ")}, got ${JSON.stringify(choice)}.`,
      );
    },
  };
}

function isPassing(cause: Cause): cause is "transient" | "throttle" | "outage" {
  return cause === "transient" || cause === "throttle" || cause === "outage";
}

/** The place into which a uniform number falls; weights need not sum to 1. */
function drawIndex(weights: readonly number[], uniform: number): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  let rest = uniform * sum;
  let place = 0;
  while (place < weights.length - 1 && rest >= weights[place]) rest -= weights[place++];
  return place;
}

const symptomOf: Readonly<Record<FailureClass, Symptom>> = {
  TIMEOUT: { class: "TIMEOUT", status: null, retryAfterMs: null, effect: "unknown" },
  "5XX": { class: "5XX", status: 503, retryAfterMs: null, effect: "unknown" },
  "429": { class: "429", status: 429, retryAfterMs: null, effect: "none" },
  "4XX": { class: "4XX", status: 400, retryAfterMs: null, effect: "none" },
  NODATA: { class: "NODATA", status: 404, retryAfterMs: null, effect: "none" },
};
