import type { WeightDiagnostics } from "./diagnostics.ts";
import { isWithin, type Range } from "./interval.ts";
import type { RewardModel } from "./logged-bandit.ts";
import type { OffPolicyValue } from "./off-policy-value.ts";

/** What a log must show before it may speak for a policy. */
export interface SupportRules {
  /** Least effective sample size. */
  readonly minEffectiveSize?: number;
  /** Least effective sample size, as a share of the log. */
  readonly minEffectiveShare?: number;
  /** Most π_e mass on actions that π_b never takes. */
  readonly maxMissingSupport?: number;
}

/** Standard errors that the mean weight may be off 1: propensities that are right pass but for one log in a million. */
const maxWeightErrors = 5;

/** Why the chances in a log are none, or null. An action that was logged had a chance above 0. */
export function chanceRefusal(
  who: string,
  propensities: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): string | null {
  for (let i = 0; i < propensities.length; i++) {
    if (!(propensities[i] > 0 && propensities[i] <= 1)) {
      return `${who}: propensities must lie in (0, 1], got ${propensities[i]} in row ${i}.`;
    }
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
      return `${who}: probabilities must lie in [0, 1], got ${probabilities[i]} in row ${i}.`;
    }
  }
  return null;
}

const unitOf = { rewards: "row", returns: "episode" } as const;

/** Why rewards, or the returns of episodes, or a model tell nothing, or null. */
export function rewardRefusal(
  who: string,
  what: "rewards" | "returns",
  values: ArrayLike<number>,
  model: RewardModel | undefined,
  weights: Float64Array,
  range: Range,
): string | null {
  let first = NaN;
  let varied = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) return `${who}: ${what} must be finite, got ${value} in ${unitOf[what]} ${i}.`;
    if (!isWithin(value, range)) {
      return `${who}: ${what} must lie in the stated range [${range.join(", ")}], got ${value} in ${unitOf[what]} ${i}.`;
    }
    if (weights[i] === 0) continue;
    if (Number.isNaN(first)) first = value;
    varied ||= value !== first;
  }
  if (Number.isNaN(first))
    return `${who}: the evaluated policy must take some of the logged actions, got none of them.`;
  if (!varied) return `${who}: ${what} must vary where the evaluated policy acts, got ${first} everywhere.`;
  for (const name of ["actionValues", "values"] as const) {
    const column = model?.[name] ?? [];
    for (let i = 0; i < column.length; i++) {
      if (!Number.isFinite(column[i])) return `${who}: model.${name} must be finite, got ${column[i]} in place ${i}.`;
    }
  }
  return null;
}

/** Why the weights cannot carry an estimate, or null. */
export function supportRefusal(
  who: string,
  { size, effectiveSampleSize, meanWeight, meanWeightError, missingSupport }: WeightDiagnostics,
  unit: "rows" | "episodes",
  { minEffectiveSize = 100, minEffectiveShare = 0.01, maxMissingSupport = 0.001 }: SupportRules,
): string | null {
  if (missingSupport !== null && !(missingSupport <= maxMissingSupport)) {
    return (
      `${who}: the logging policy must do what the evaluated one does, but never does ${percent(missingSupport)} of it; ` +
      `at most ${percent(maxMissingSupport)} may be missing.`
    );
  }
  const least = Math.max(minEffectiveSize, minEffectiveShare * size);
  if (effectiveSampleSize < least) {
    return (
      `${who}: the effective sample size must be at least ${rounded(least)}, the larger of ${minEffectiveSize} and ` +
      `${percent(minEffectiveShare)} of the log, got ${rounded(effectiveSampleSize)} from ${size} ${unit}.`
    );
  }
  if (Math.abs(meanWeight - 1) > maxWeightErrors * meanWeightError + 1e-6) {
    return (
      `${who}: the mean weight must be 1 but for chance, got ${rounded(meanWeight)} with a standard error of ` +
      `${rounded(meanWeightError)}: propensities are wrong, or the logging policy never does what the evaluated one does.`
    );
  }
  return null;
}

/** Why values cannot be, or null: a mean of rewards lies among them. */
export function impossibleRefusal(
  who: string,
  what: "rewards" | "returns",
  values: Readonly<Record<string, OffPolicyValue | null>>,
  [least, most]: Range,
): string | null {
  for (const [name, told] of Object.entries(values)) {
    if (told === null || told.possible) continue;
    return `${who}: ${name} must lie in the range of the ${what}, [${least}, ${most}], got ${rounded(told.value)}.`;
  }
  return null;
}

const percent = (share: number) => `${rounded(100 * share)} %`;
const rounded = (x: number) => String(Number(x.toPrecision(3)));
