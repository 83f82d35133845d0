import { createRandom } from "../../math/random.ts";
import { weightDiagnostics } from "./diagnostics.ts";
import {
  perDecision,
  sequentialDoublyRobust,
  weightedDoublyRobust,
  weightedPerDecision,
} from "./episode-estimators.ts";
import { type Range, requireRange, seenRange } from "./interval.ts";
import {
  cumulativeWeights,
  episodeReturns,
  episodeWeights,
  type LoggedEpisodes,
  requireDiscount,
  requireEpisodes,
} from "./logged-episodes.ts";
import type { OffPolicyReport, ReportOptions } from "./off-policy-report.ts";
import { describeValue, type OffPolicyValue } from "./off-policy-value.ts";
import { chanceRefusal, impossibleRefusal, rewardRefusal, supportRefusal } from "./refusal.ts";

export interface EpisodesOptions extends ReportOptions {
  /** γ */
  readonly discount?: number;
  /** [least, most] that a return can be; the least and most that came unless it is given. */
  readonly returnRange?: Range;
}

export interface EpisodesValues {
  /** PDIS */
  readonly perDecision: OffPolicyValue;
  /** Weighted PDIS */
  readonly weightedPerDecision: OffPolicyValue;
  /** DR over steps; null without a model. */
  readonly sequentialDoublyRobust: OffPolicyValue | null;
  /** WDR; null without a model. */
  readonly weightedDoublyRobust: OffPolicyValue | null;
}

/** What a policy would have earned an episode, by the log of another. Each episode weighs as the product of its steps. */
export function evaluateOffPolicyEpisodes(
  log: LoggedEpisodes,
  options: EpisodesOptions = {},
): OffPolicyReport<EpisodesValues> {
  const who = "evaluateOffPolicyEpisodes";
  const { discount = 1, confidence = 0.95, resamples = 1000, seed = 0 } = options;
  requireEpisodes(who, log);
  requireDiscount(who, discount);
  if (options.returnRange) requireRange(who, "returnRange", options.returnRange);
  const { lengths, propensities, probabilities, model } = log;
  const noChance = chanceRefusal(who, propensities, probabilities);
  if (noChance) return { supported: false, reason: noChance, diagnostics: null, estimates: null };

  const weights = episodeWeights(lengths, cumulativeWeights(log));
  const diagnostics = weightDiagnostics(weights, log.distributions);
  const returns = episodeReturns(log, discount);
  const valueRange = options.returnRange ?? seenRange(returns);
  const noReward = rewardRefusal(who, "returns", returns, model, weights, valueRange);
  if (noReward) return { supported: false, reason: noReward, diagnostics, estimates: null };

  const context = { valueRange, confidence, resamples, random: createRandom(seed) };
  const modelled = model && { ...log, model };
  const estimates = {
    perDecision: describeValue(perDecision(log, discount), null, context),
    weightedPerDecision: describeValue(weightedPerDecision(log, discount), null, context),
    sequentialDoublyRobust: modelled ? describeValue(sequentialDoublyRobust(modelled, discount), null, context) : null,
    weightedDoublyRobust: modelled ? describeValue(weightedDoublyRobust(modelled, discount), null, context) : null,
  };
  const { sequentialDoublyRobust: dr, weightedDoublyRobust: wdr } = estimates;
  const judged = { sequentialDoublyRobust: dr, weightedDoublyRobust: wdr };
  const reason =
    supportRefusal(who, diagnostics, "episodes", options) ?? impossibleRefusal(who, "returns", judged, valueRange);
  return reason ? { supported: false, reason, diagnostics, estimates } : { supported: true, diagnostics, estimates };
}
