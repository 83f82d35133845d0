/** Reroute: a job's node has failed. Wait until it is back, or migrate the job, at a price in minutes? */
import type { Env } from "../../env/env.ts";
import { type Discrete, discrete } from "../../env/space.ts";
import { createRandom } from "../../math/random.ts";
import type { Downtime } from "./downtime.ts";

/** Minutes lost on average by who waits until `threshold`, then migrates. */
export function rerouteCost(downtime: Downtime, migrationMinutes: number, threshold: number): number {
  return downtime.meanUpTo(threshold) + migrationMinutes * downtime.survival(threshold);
}

export interface Reroute {
  /** Minutes of waiting after which to migrate; Infinity for never. */
  readonly threshold: number;
  /** Minutes lost on average. */
  readonly cost: number;
}

/** The best threshold in whole minutes, by search. */
export function bestReroute(downtime: Downtime, migrationMinutes: number, most = 20_000): Reroute {
  const costOf = (threshold: number) => ({ threshold, cost: rerouteCost(downtime, migrationMinutes, threshold) });
  let best = costOf(Infinity);
  for (let threshold = 0; threshold <= most; threshold++) {
    const candidate = costOf(threshold);
    if (candidate.cost < best.cost) best = candidate;
  }
  return best;
}

/** When the question is asked: at once, after 10 minutes, then each time a quarter later, up to two days. */
export const decisionMinutes: readonly number[] = decisionTimes(10, 1.25, 2 * 1440);

function decisionTimes(first: number, ratio: number, last: number): number[] {
  const times = [0];
  for (let time = first; time <= last; time *= ratio) times.push(time);
  return times;
}

/** Actions: 0 waits for the next decision, or the node; 1 migrates. A reward of −1 for each hundred minutes lost. */
export function rerouteEnv(downtime: Downtime, migrationMinutes: number): Env<Discrete, Discrete> {
  let random = createRandom(0);
  let place = 0;
  let down = 0;
  return {
    id: "Reroute",
    observationSpace: discrete(decisionMinutes.length),
    actionSpace: discrete(2),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      place = 0;
      down = downtime.sample(random);
      return { observation: 0, info: {} };
    },
    step(action) {
      const now = decisionMinutes[place];
      // After two days, nobody waits on.
      const migrates = action === 1 || place === decisionMinutes.length - 1;
      if (!migrates) place += 1;
      const lost = migrates ? migrationMinutes : Math.min(down, decisionMinutes[place]) - now;
      const terminated = migrates || down <= decisionMinutes[place];
      return { observation: place, reward: -lost / 100, terminated, truncated: false, info: {} };
    },
  };
}

/** What a learned policy comes to: when it would first rather migrate. */
export function thresholdOf(migrates: (place: number) => boolean): number {
  const last = decisionMinutes.length - 1;
  return decisionMinutes[decisionMinutes.findIndex((_, place) => place === last || migrates(place))];
}
