import { createRandom } from "../../math/random.ts";
import { escalation } from "../action/choices.ts";
import { totalReward } from "../reward.ts";
import { type Estimate, estimate } from "./estimate.ts";
import { type Rules, type SimulatedRun, startRun } from "./simulated-run.ts";
import type { SimulatedEpisode, Simulator } from "./simulator.ts";

/** How a policy did. */
export interface RecoveryRow {
  readonly return: Estimate;
  /** Shares of the episodes. */
  readonly success: number;
  readonly escalated: number;
  /** Mean over the episodes that were saved, waiting included. */
  readonly seconds: number;
  /** Actions other than giving up, mean over episodes. */
  readonly calls: number;
  /** Retries that failed, mean over episodes. */
  readonly wastedRetries: number;
}

/** Decides in a simulated run: the index of a choice. To choose what is forbidden is to give up. */
export type Decide<E extends SimulatedEpisode = SimulatedEpisode> = (run: SimulatedRun<E>) => number;

export interface RecoveryEvaluation extends RecoveryRow {
  readonly byService: Readonly<Record<string, Estimate>>;
  readonly results: EpisodeResults;
}

/** The episodes themselves, in order: the same seed gives every policy the same ones. */
export interface EpisodeResults {
  readonly services: readonly string[];
  readonly returns: Float64Array;
  /** NaN where the step was not saved. */
  readonly seconds: Float64Array;
}

/** Lets a policy decide in so many episodes. */
export function evaluateRecovery<E extends SimulatedEpisode>(
  simulator: Simulator<E>,
  rules: Rules,
  decide: Decide<E>,
  { episodes, seed }: { readonly episodes: number; readonly seed: number },
): RecoveryEvaluation {
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw new RangeError(`evaluateRecovery: episodes must be a positive integer, got ${episodes}.`);
  }
  const { choices } = rules;
  const random = createRandom(seed);
  const giveUp = escalation(choices).index;
  const results = {
    services: [] as string[],
    returns: new Float64Array(episodes),
    seconds: new Float64Array(episodes),
  };
  const total = { success: 0, escalated: 0, seconds: 0, calls: 0, wastedRetries: 0 };

  for (let i = 0; i < episodes; i++) {
    const run = startRun(simulator, rules, random);
    results.services.push(run.episode.service);
    results.seconds[i] = Number.NaN;
    for (let ending = null; ending === null; ) {
      const wish = decide(run);
      const index = run.mask[wish] === 1 ? wish : giveUp;
      const taken = run.take(index);
      ending = taken.ending;
      results.returns[i] += totalReward(taken.reward);
      if (index !== giveUp) total.calls++;
      if (choices[index].action.kind === "retry" && ending !== "ok") total.wastedRetries++;
      if (ending === "escalated") total.escalated++;
      if (ending !== "ok") continue;
      results.seconds[i] = run.failure.elapsedMs / 1000;
      total.success++;
      total.seconds += results.seconds[i];
    }
  }

  return {
    return: estimate(results.returns),
    success: total.success / episodes,
    escalated: total.escalated / episodes,
    seconds: total.seconds / total.success,
    calls: total.calls / episodes,
    wastedRetries: total.wastedRetries / episodes,
    byService: byService(results),
    results,
  };
}

/** What of an evaluation stands in a table. */
export function rowOf({ return: mean, success, escalated, seconds, calls, wastedRetries }: RecoveryRow): RecoveryRow {
  return { return: mean, success, escalated, seconds, calls, wastedRetries };
}

/** Time to recovery of two policies, over the episodes that both saved: what else would reward giving up on the hard ones. */
export function matchedSeconds(
  first: EpisodeResults,
  second: EpisodeResults,
): { readonly episodes: number; readonly first: number; readonly second: number } {
  const total = { episodes: 0, first: 0, second: 0 };
  for (let i = 0; i < first.seconds.length; i++) {
    if (Number.isNaN(first.seconds[i] + second.seconds[i])) continue;
    total.episodes++;
    total.first += first.seconds[i];
    total.second += second.seconds[i];
  }
  return { ...total, first: total.first / total.episodes, second: total.second / total.episodes };
}

function byService({ services, returns }: EpisodeResults): Record<string, Estimate> {
  const own = new Map<string, number[]>();
  services.forEach((service, i) => {
    const list = own.get(service);
    if (list) list.push(returns[i]);
    else own.set(service, [returns[i]]);
  });
  return Object.fromEntries([...own.keys()].sort().map((service) => [service, estimate(own.get(service) ?? [])]));
}
