import { createRandom } from "../../math/random.ts";
import { doublyRobust, inversePropensity, selfNormalized, shrunk, switched } from "./bandit-estimators.ts";
import { weightDiagnostics } from "./diagnostics.ts";
import { type Range, requireRange, seenRange } from "./interval.ts";
import { importanceWeights, type LoggedBandit, requireLog } from "./logged-bandit.ts";
import type { OffPolicyReport, ReportOptions } from "./off-policy-report.ts";
import { describeValue, type OffPolicyValue, termRange } from "./off-policy-value.ts";
import { chanceRefusal, impossibleRefusal, rewardRefusal, supportRefusal } from "./refusal.ts";

export interface OffPolicyOptions extends ReportOptions {
  /** [least, most] that a reward can be. Unless it is given, the least and most that came, and no bound that needs to know. */
  readonly rewardRange?: Range;
  /** The most that a weight can be: 1 over the logging policy's least propensity. Bernstein and Hoeffding ask for it. */
  readonly maxWeight?: number;
  /** λ of the switch: rows of a larger weight are left to the model. */
  readonly switchBound?: number;
  /** λ of the optimistic shrinkage. */
  readonly shrinkage?: number;
}

/** The same question, asked in five ways. */
export interface OffPolicyValues {
  /** IPS */
  readonly inversePropensity: OffPolicyValue;
  /** SNIPS */
  readonly selfNormalized: OffPolicyValue;
  /** DR; null without a model, when it would be IPS. */
  readonly doublyRobust: OffPolicyValue | null;
  /** Switch-DR; without a model, IPS without the rows of large weight. */
  readonly switched: OffPolicyValue;
  /** DRos; without a model, IPS with its weights shrunk. */
  readonly shrunk: OffPolicyValue;
}

const who = "evaluateOffPolicy";

/** What a policy would have earned, by the log of another. It can veto a policy; only a trial proves one. */
export function evaluateOffPolicy(log: LoggedBandit, options: OffPolicyOptions = {}): OffPolicyReport<OffPolicyValues> {
  requireLog(who, log);
  if (options.rewardRange) requireRange(who, "rewardRange", options.rewardRange);
  const { rewards, propensities, probabilities, distributions } = log;
  const noChance = chanceRefusal(who, propensities, probabilities);
  if (noChance) return { supported: false, reason: noChance, diagnostics: null, estimates: null };

  const weights = importanceWeights(log);
  const diagnostics = weightDiagnostics(weights, distributions);
  const range = options.rewardRange ?? seenRange(rewards);
  const noReward = rewardRefusal(who, "rewards", rewards, log.model, weights, range);
  if (noReward) return { supported: false, reason: noReward, diagnostics, estimates: null };

  const estimates = estimateAll(log, range, diagnostics.maxWeight, options);
  const { doublyRobust, switched, shrunk } = estimates;
  // Without a model, values are flagged only: IPS leaves the range as the mean weight leaves 1, and cut weights pull towards 0.
  const judged = log.model ? { doublyRobust, switched, shrunk } : {};
  const reason = supportRefusal(who, diagnostics, "rows", options) ?? impossibleRefusal(who, "rewards", judged, range);
  return reason ? { supported: false, reason, diagnostics, estimates } : { supported: true, diagnostics, estimates };
}

function estimateAll(
  log: LoggedBandit,
  valueRange: Range,
  largest: number,
  options: OffPolicyOptions,
): OffPolicyValues {
  const { rewardRange, maxWeight, switchBound = 10, shrinkage = 100 } = options;
  const { confidence = 0.95, resamples = 1000, seed = 0 } = options;
  if (maxWeight !== undefined && !(maxWeight >= largest * (1 - 1e-9))) {
    throw new RangeError(
      `${who}: maxWeight must be at least ${largest}, the largest weight that came, got ${maxWeight}.`,
    );
  }
  const context = { valueRange, confidence, resamples, random: createRandom(seed) };
  const { model } = log;
  /** The range of terms whose weights, bent, are at most `bent`. */
  const terms = (bent: number) => (rewardRange && maxWeight !== undefined ? termRange(rewardRange, bent, model) : null);
  const most = maxWeight ?? Infinity;
  const peak = Math.min(most, Math.sqrt(shrinkage)); // λ w / (w² + λ) rises up to w = √λ
  return {
    inversePropensity: describeValue(
      inversePropensity(log),
      rewardRange && maxWeight !== undefined ? termRange(rewardRange, maxWeight) : null,
      context,
    ),
    selfNormalized: describeValue(selfNormalized(log), null, context),
    doublyRobust: model ? describeValue(doublyRobust({ ...log, model }), terms(most), context) : null,
    switched: describeValue(switched(log, switchBound), terms(Math.min(most, switchBound)), context),
    shrunk: describeValue(shrunk(log, shrinkage), terms((shrinkage * peak) / (peak * peak + shrinkage)), context),
  };
}
