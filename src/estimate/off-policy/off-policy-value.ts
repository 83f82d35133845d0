import type { Random } from "../../math/random.ts";
import type { OffPolicyEstimate } from "./bandit-estimators.ts";
import {
  bernsteinInterval,
  bootstrapInterval,
  hoeffdingInterval,
  type Interval,
  isWithin,
  type Range,
  seenRange,
  studentInterval,
} from "./interval.ts";
import type { RewardModel } from "./logged-bandit.ts";

/** An estimate with all that can be said of its error. */
export interface OffPolicyValue {
  readonly value: number;
  /** Whether it lies where values can lie: impossible ones come of weights too large. */
  readonly possible: boolean;
  readonly bootstrap: Interval;
  readonly student: Interval;
  /** Null where the range of the terms is unknown. */
  readonly bernstein: Interval | null;
  /** Null where the range of the terms is unknown. */
  readonly hoeffding: Interval | null;
}

export interface ValueContext {
  /** What a value can be. */
  readonly valueRange: Range;
  readonly confidence: number;
  readonly resamples: number;
  readonly random: Random;
}

/** Takes every interval of an estimate; `terms` is the range of its terms, or null. */
export function describeValue(
  estimate: OffPolicyEstimate,
  terms: Range | null,
  { valueRange, confidence, resamples, random }: ValueContext,
): OffPolicyValue {
  const { value } = estimate;
  return {
    value,
    possible: isWithin(value, valueRange),
    bootstrap: bootstrapInterval(estimate, { random, resamples, confidence }),
    student: studentInterval(estimate, confidence),
    bernstein: terms && bernsteinInterval(estimate.terms, terms, confidence),
    hoeffding: terms && hoeffdingInterval(estimate.terms, terms, confidence),
  };
}

/** What v + w (r − q) can be for weights of at most `maxWeight`; null where a model leaves the range of the rewards. */
export function termRange(rewardRange: Range, maxWeight: number, model?: RewardModel): Range | null {
  const [least, most] = rewardRange;
  if (!model) return [maxWeight * Math.min(0, least), maxWeight * Math.max(0, most)];
  const expected = [seenRange(model.actionValues), seenRange(model.values)].flat();
  if (!expected.every((value) => isWithin(value, rewardRange))) return null;
  const reach = maxWeight * (most - least);
  return [least - reach, most + reach];
}
