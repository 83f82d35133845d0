import { createRandom, type Random } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import { escalate, retry } from "../action/build.ts";
import type { Clock } from "../clock.ts";
import { type Breaker, sampling } from "../guard/breaker.ts";
import type { Specification } from "../guard/specification.ts";
import { throttle } from "../guard/throttle.ts";
import { tokenBucket } from "../guard/token-bucket.ts";
import { createPlanner, type Planner } from "../planner/create-planner.ts";
import { runbook } from "../runbook/runbook.ts";
import { type Estimate, estimateOfFew, pairedDifference } from "../simulation/estimate.ts";
import { plannerStormClient } from "../simulation/planner-storm-client.ts";
import {
  type RetryStormResult,
  retryStorm,
  retryStormDefaults,
  type StormClient,
  type StormFailure,
} from "../simulation/retry-storm.ts";
import { type StormStrategy, stormClient } from "../simulation/storm-client.ts";
import type { BenchOptions } from "./options.ts";

/** Exponential backoff with full jitter, as the AWS Architecture Blog has it: min(30 s, 128 ms · 2ⁿ⁻¹) · U(0, 1), three times. */
const backoff = (_failure: StormFailure, n: number, random: Random) =>
  n > 3 ? null : Math.min(30_000, 128 * (1 << (n - 1))) * random.uniform();

/** As resilience libraries have it: half of ten seconds failed, then half a minute's pause. */
const usualBreaker = sampling({ openMs: 30_000 });

/** What resilience libraries offer. */
const staticStrategies: readonly StormStrategy[] = [
  { name: "no retry", retryAfter: () => null },
  { name: "3 retries", retryAfter: backoff },
  { name: "3 retries, token bucket", retryAfter: backoff, budget: tokenBucket() },
  { name: "3 retries, breaker", retryAfter: backoff, breaker: usualBreaker },
  { name: "3 retries, client throttling", retryAfter: backoff, throttle: throttle() },
];

/** The planner's breaker without a planner: shows what is whose. */
const tunedStrategy: StormStrategy = {
  name: "3 retries, planner's breaker",
  retryAfter: backoff,
  breaker: sampling(),
};

/** The planner as it ships, with its runbook: once at once where a call was lost, and later where it was not made. */
function stormPlanner(clock: Clock, breaker: Specification<Breaker>): Planner {
  return createPlanner({
    name: "retry-storm",
    features: ({ class: failureClass }) => ({ failureClass }),
    actions: { retry: retry({ delaysMs: [50, 1000, 8000, 30_000] }), giveUp: escalate() },
    baseline: runbook({ BREAKER: ["retry:8000", "retry:30000"], "TIMEOUT|5XX": ["retry:50", "retry:8000"] }),
    guard: { breaker },
    clock,
    seed: 0,
  });
}

interface Contender {
  readonly name: string;
  client(own: Random): StormClient;
}

const planner = {
  name: "planner",
  client: () => plannerStormClient((clock) => stormPlanner(clock, sampling())),
};

const others: readonly Contender[] = [
  { name: tunedStrategy.name, client: (own) => stormClient(tunedStrategy, own) },
  { name: "planner, usual breaker", client: () => plannerStormClient((clock) => stormPlanner(clock, usualBreaker)) },
];

export interface StormRow {
  readonly strategy: string;
  readonly goodput: Estimate;
  /** Of the whole run, the trigger included. */
  readonly goodputOfAll: number;
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
  /** Of the static strategies, without the planner's breaker: the one with the most goodput, and the one that recovers first. */
  readonly best: { readonly goodput: string; readonly recovery: string };
  /** Planner less the best, on the same arrivals. */
  readonly goodputGain: Estimate;
  readonly recoveryGainSeconds: Estimate;
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
      onProgress?.(`load ${load}, trigger of ${triggerSeconds} s`);
    }
  }
  return { seeds, cells };
}

function runCell(load: number, triggerSeconds: number, seeds: readonly number[]): StormCell {
  const from = retryStormDefaults.triggerMs[0];
  const options = { ...retryStormDefaults, load, triggerMs: [from, from + 1000 * triggerSeconds] as const };
  const never = (options.durationMs - options.triggerMs[1]) / 1000;
  const run = ({ name, client }: Contender) => {
    const results = seeds.map((seed) => {
      // The same traffic for all, whatever chance they need themselves.
      const [traffic, own] = [createRandom(seed), createRandom(seed).split()];
      return retryStorm(client(own), traffic, options);
    });
    return { name, results };
  };
  const recovery = (results: readonly RetryStormResult[]) => results.map((one) => one.recoverySeconds ?? never);
  const goodput = (results: readonly RetryStormResult[]) => results.map((one) => one.goodput);

  const runs = staticStrategies.map((one) => run({ name: one.name, client: (own) => stormClient(one, own) }));
  const planned = run(planner);
  const most = runs.reduce((a, b) => (mean(goodput(b.results)) > mean(goodput(a.results)) ? b : a));
  const first = runs.reduce((a, b) => (mean(recovery(b.results)) < mean(recovery(a.results)) ? b : a));
  const rows = [...runs, ...others.map(run), planned];
  return {
    load,
    triggerSeconds,
    rows: rows.map(({ name, results }) => ({
      strategy: name,
      goodput: estimateOfFew(goodput(results)),
      goodputOfAll: mean(results.map((one) => one.goodputOfAll)),
      recoverySeconds: results.map((one) => one.recoverySeconds),
      callsPerRequest: mean(results.map((one) => one.callsPerRequest)),
      meanSeconds: mean(results.map((one) => one.meanSeconds)),
    })),
    best: { goodput: most.name, recovery: first.name },
    goodputGain: pairedDifference(goodput(planned.results), goodput(most.results)),
    recoveryGainSeconds: pairedDifference(recovery(first.results), recovery(planned.results)),
  };
}
