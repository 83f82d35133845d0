import type { ActionDistributions } from "./logged-bandit.ts";

/** How far a log can speak for another policy. */
export interface WeightDiagnostics {
  /** Rows, or episodes. */
  readonly size: number;
  /** (Σ w)² / Σ w²: so many rows of the evaluated policy's own would tell about as much. Kish 1965. */
  readonly effectiveSampleSize: number;
  /** 1 but for chance, if the propensities are right and π_b does all that π_e does; less by what it never does. */
  readonly meanWeight: number;
  /** The standard error of that mean. */
  readonly meanWeightError: number;
  readonly maxWeight: number;
  /** Of all weight, the share that the heaviest row has. */
  readonly maxWeightShare: number;
  /** Share of the rows whose action π_e takes at all. */
  readonly usedShare: number;
  /** Mean π_e mass on actions that π_b never takes; null where the distributions are unknown. */
  readonly missingSupport: number | null;
}

/** What the weights alone say, and the full distributions where there are any. */
export function weightDiagnostics(weights: Float64Array, distributions?: ActionDistributions): WeightDiagnostics {
  const size = weights.length;
  let sum = 0;
  let squares = 0;
  let maxWeight = 0;
  let used = 0;
  for (let i = 0; i < size; i++) {
    const weight = weights[i];
    sum += weight;
    squares += weight * weight;
    if (weight > maxWeight) maxWeight = weight;
    if (weight > 0) used++;
  }
  const meanWeight = sum / size;
  return {
    size,
    effectiveSampleSize: squares > 0 ? (sum * sum) / squares : 0,
    meanWeight,
    meanWeightError: Math.sqrt(Math.max(0, squares / size - meanWeight * meanWeight) / (size - 1)),
    maxWeight,
    maxWeightShare: sum > 0 ? maxWeight / sum : 0,
    usedShare: used / size,
    missingSupport: distributions ? missingSupport(distributions) : null,
  };
}

/** Mean over the rows of Σ π_e(a|s) where π_b(a|s) = 0. */
export function missingSupport({ actions, propensities, probabilities }: ActionDistributions): number {
  let mass = 0;
  for (let i = 0; i < probabilities.length; i++) if (!(propensities[i] > 0)) mass += probabilities[i];
  return (mass * actions) / probabilities.length;
}
