import { createRandom, type Random } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import { sampling } from "../guard/breaker.ts";
import { throttle } from "../guard/throttle.ts";
import { tokenBucket } from "../guard/token-bucket.ts";
import { type RetryStormResult, retryStorm, retryStormDefaults, type StormFailure } from "../simulation/retry-storm.ts";
import { type StormStrategy, stormClient } from "../simulation/storm-client.ts";
import type { BenchOptions } from "./options.ts";
import { type Interval, interval, pairedDifference } from "./paired.ts";

/** Exponential backoff with full jitter, as the AWS Architecture Blog has it: min(30 s, 128 ms · 2ⁿ⁻¹) · U(0, 1), three times. */
const backoff = (_failure: StormFailure, n: number, random: Random) =>
  n > 3 ? null : Math.min(30_000, 128 * (1 << (n - 1))) * random.uniform();

/** What resilience libraries offer, with their defaults. */
export const staticStrategies: readonly StormStrategy[] = [
  { name: "no retry", retryAfter: () => null },
  { name: "3 retries", retryAfter: backoff },
  { name: "3 retries, token bucket", retryAfter: backoff, budget: tokenBucket() },
  { name: "3 retries, breaker", retryAfter: backoff, breaker: sampling() },
  { name: "3 retries, client throttling", retryAfter: backoff, throttle: throttle() },
];

const quickBreaker = sampling({ windowMs: 3000 });
const smallBudget = tokenBucket({ perSuccess: 0.02 });

/** The planner's guards without its policy: shows what is whose. */
export const guardsAlone: StormStrategy = {
  name: "3 retries, the planner's guards",
  retryAfter: backoff,
  budget: smallBudget,
  breaker: quickBreaker,
};

/** A call that the breaker refused costs the server nothing: ask again later. One that it lost: once at once, then seldom. */
export const plannerStrategy: StormStrategy = {
  name: "planner",
  retryAfter: (failure, n) => (n > 7 ? null : failure === "open" || n > 1 ? 8000 : 50),
  budget: smallBudget,
  breaker: quickBreaker,
};

export interface StormRow {
  readonly strategy: string;
  readonly goodput: Interval;
  /** One per seed; null for never. */
  readonly recoverySeconds: readonly (number | null)[];
  readonly callsPerRequest: number;
  readonly meanSeconds: number;
}

/** One load and one length of the trigger. */
export interface StormCell {
  readonly load: number;
  readonly triggerSeconds: number;
  readonly rows: readonly StormRow[];
  /** The static strategy with the most goodput, and the one that recovers first. */
  readonly best: { readonly goodput: string; readonly recovery: string };
  /** Planner less the best, on the same arrivals. */
  readonly goodputGain: Interval;
  readonly recoveryGainSeconds: Interval;
}

export interface RetryStormReport {
  readonly seeds: readonly number[];
  readonly cells: readonly StormCell[];
}

/** Static strategies and the planner in storms: five seeds, two loads, and triggers of other lengths than the breaker's 30 s. */
export function benchRetryStorm({ seed, quick, onProgress }: BenchOptions): RetryStormReport {
  const seeds = Array.from({ length: quick ? 2 : 5 }, (_, i) => seed + i);
  const cells: StormCell[] = [];
  for (const triggerSeconds of quick ? [30] : [30, 15, 45, 60]) {
    for (const load of [0.7, 0.9]) {
      cells.push(runCell(load, triggerSeconds, seeds));
      onProgress?.(`RetryStorm: load ${load}, trigger of ${triggerSeconds} s`);
    }
  }
  return { seeds, cells };
}

function runCell(load: number, triggerSeconds: number, seeds: readonly number[]): StormCell {
  const from = retryStormDefaults.triggerMs[0];
  const options = { ...retryStormDefaults, load, triggerMs: [from, from + 1000 * triggerSeconds] as const };
  const never = (options.durationMs - options.triggerMs[1]) / 1000;
  const run = (strategy: StormStrategy) =>
    seeds.map((seed) => {
      // The same traffic for all, whatever chance they need themselves.
      const [traffic, own] = [createRandom(seed), createRandom(seed).split()];
      return retryStorm(stormClient(strategy, own), traffic, options);
    });
  const recovery = (results: readonly RetryStormResult[]) => results.map((one) => one.recoverySeconds ?? never);
  const goodput = (results: readonly RetryStormResult[]) => results.map((one) => one.goodput);

  const runs = staticStrategies.map((strategy) => ({ strategy, results: run(strategy) }));
  const planned = { strategy: plannerStrategy, results: run(plannerStrategy) };
  const most = runs.reduce((a, b) => (mean(goodput(b.results)) > mean(goodput(a.results)) ? b : a));
  const first = runs.reduce((a, b) => (mean(recovery(b.results)) < mean(recovery(a.results)) ? b : a));
  const rows = [...runs, { strategy: guardsAlone, results: run(guardsAlone) }, planned];
  return {
    load,
    triggerSeconds,
    rows: rows.map(({ strategy, results }) => ({
      strategy: strategy.name,
      goodput: interval(goodput(results)),
      recoverySeconds: results.map((one) => one.recoverySeconds),
      callsPerRequest: mean(results.map((one) => one.callsPerRequest)),
      meanSeconds: mean(results.map((one) => one.meanSeconds)),
    })),
    best: { goodput: most.strategy.name, recovery: first.strategy.name },
    goodputGain: pairedDifference(goodput(planned.results), goodput(most.results)),
    recoveryGainSeconds: pairedDifference(recovery(first.results), recovery(planned.results)),
  };
}
