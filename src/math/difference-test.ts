import { log } from "./transcendental.ts";

/**
 * Is the policy better than the baseline? An answer that may be asked for after every episode, and stopped at any.
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2021, https://arxiv.org/abs/2103.06476: a confidence sequence that holds at all
 * times at once, from a normal mixture over the true difference. Per arm it needs a count, a sum and a sum of squares, so
 * episodes come in any order, arms may differ in size, and what several processes saw is added up. A new share of the
 * episodes is a new test: if the world changes with the share, one arm has seen more of the better world.
 *
 *   D = x̄_policy − x̄_baseline,   V = s²_policy / n_policy + s²_baseline / n_baseline,   ρ = 1 / effect²
 *   width(α) = √(2 (V + ρ V²) log(½ + √(1 + 1 / (ρ V)) / (2 α)))
 *
 * That is asymptotic: an arm that has not yet had its rare failure looks good and certain. So either bound counts `virtual`
 * episodes more in each arm, at the end of the range that is worst for its claim.
 */
export interface DifferenceTest {
  readonly options: DifferenceTestOptions;
  readonly policy: ArmSums;
  readonly baseline: ArmSums;
}

export type Arm = "policy" | "baseline";

export interface ArmSums {
  count: number;
  sum: number;
  squares: number;
}

export const differenceTestDefaults = {
  /** The chance of ever saying "better" of a policy that is not. */
  promotionAlpha: 0.05,
  /** The chance of ever saying "worse" of a policy that is not worse by `margin`. */
  rollbackAlpha: 0.05,
  /** A policy is worse only when it falls short by more than this. */
  margin: 0,
  /** The difference looked for, as a share of the range: the test is sharpest there, and right everywhere. */
  effect: 0.03,
  /** Episodes of each arm before the first look. */
  minimum: 100,
  /** Episodes added to each arm at the worst end of the range. */
  virtual: 2,
};

export type DifferenceTestOptions = Readonly<typeof differenceTestDefaults> & {
  /** The range that every return lies in. */
  readonly lowest: number;
  readonly highest: number;
};

export interface DifferenceVerdict {
  readonly kind: "better" | "worse" | "undecided";
  /** Of the means; null while an arm is empty. */
  readonly difference: number | null;
  /** Below the true difference at all times at once, with confidence 1 − promotionAlpha. */
  readonly lower: number;
  /** Above it, with confidence 1 − rollbackAlpha. */
  readonly upper: number;
  readonly counts: Readonly<Record<Arm, number>>;
}

/** An empty test: plain JSON, to be kept, sent and merged. */
export function createDifferenceTest(
  options: Pick<DifferenceTestOptions, "lowest" | "highest"> & Partial<DifferenceTestOptions>,
): DifferenceTest {
  const resolved = { ...differenceTestDefaults, ...options };
  const { lowest, highest } = resolved;
  const demand = (name: keyof DifferenceTestOptions, holds: boolean, rule: string) => {
    if (!holds) throw new RangeError(`createDifferenceTest: ${name} must ${rule}, got ${resolved[name]}.`);
  };
  demand("lowest", Number.isFinite(lowest), "be a finite number");
  demand("highest", Number.isFinite(highest) && highest > lowest, `be a finite number above lowest, ${lowest}`);
  for (const name of ["promotionAlpha", "rollbackAlpha"] as const) {
    demand(name, resolved[name] > 0 && resolved[name] < 1, "lie in (0, 1)");
  }
  demand("margin", resolved.margin >= 0 && resolved.margin < Infinity, "be a number of at least 0");
  demand("effect", resolved.effect > 0 && resolved.effect <= 1, "lie in (0, 1]");
  demand("minimum", Number.isSafeInteger(resolved.minimum) && resolved.minimum > 1, "be an integer of at least 2");
  demand("virtual", resolved.virtual >= 0 && resolved.virtual < Infinity, "be a number of at least 0");
  return { options: resolved, policy: emptyArm(), baseline: emptyArm() };
}

/** Counts an episode's return in its arm. */
export function observeReturn(test: DifferenceTest, arm: Arm, value: number): void {
  const { lowest, highest } = test.options;
  if (!(value >= lowest && value <= highest)) {
    throw new RangeError(`observeReturn: a return of the ${arm} must lie in [${lowest}, ${highest}], got ${value}.`);
  }
  const sums = test[arm];
  sums.count++;
  sums.sum += value;
  sums.squares += value * value;
}

/** What may be said now, whenever now is. */
export function differenceVerdict(test: DifferenceTest): DifferenceVerdict {
  const { options, policy, baseline } = test;
  const { lowest, highest, promotionAlpha, rollbackAlpha } = options;
  const counts = { policy: policy.count, baseline: baseline.count };
  const difference =
    policy.count > 0 && baseline.count > 0 ? policy.sum / policy.count - baseline.sum / baseline.count : null;
  if (Math.min(policy.count, baseline.count) < options.minimum) {
    return { kind: "undecided", difference, lower: lowest - highest, upper: highest - lowest, counts };
  }
  const lower = lowerBound(policy, baseline, promotionAlpha, options);
  const upper = -lowerBound(baseline, policy, rollbackAlpha, options);
  const kind = lower > 0 ? "better" : upper < -options.margin ? "worse" : "undecided";
  return { kind, difference, lower, upper, counts };
}

/** The test that saw what both saw. */
export function mergeDifferenceTests(a: DifferenceTest, b: DifferenceTest): DifferenceTest {
  for (const name of Object.keys(a.options) as (keyof DifferenceTestOptions)[]) {
    if (a.options[name] !== b.options[name]) {
      throw new TypeError(
        `mergeDifferenceTests: both must have the same ${name}, got ${a.options[name]} and ${b.options[name]}.`,
      );
    }
  }
  return {
    options: a.options,
    policy: mergedArm(a.policy, b.policy),
    baseline: mergedArm(a.baseline, b.baseline),
  };
}

/** What mean(arm) − mean(other) exceeds, the virtual episodes being the arm's worst and the other's best. */
function lowerBound(arm: ArmSums, other: ArmSums, alpha: number, options: DifferenceTestOptions): number {
  const { lowest, highest, virtual } = options;
  const [count, otherCount] = [arm.count + virtual, other.count + virtual];
  const mean = (arm.sum + virtual * lowest) / count;
  const otherMean = (other.sum + virtual * highest) / otherCount;
  const variance = (arm.squares + virtual * lowest * lowest) / count - mean * mean;
  const otherVariance = (other.squares + virtual * highest * highest) / otherCount - otherMean * otherMean;
  const V = Math.max(0, variance) / count + Math.max(0, otherVariance) / otherCount;
  const effect = options.effect * (highest - lowest);
  return mean - otherMean - width(V, 1 / (effect * effect), alpha);
}

/** One-sided, by 1 − Φ(z) ≤ ½ exp(−z² / 2) in Robbins' mixture over half a normal of variance 1 / ρ. */
function width(V: number, rho: number, alpha: number): number {
  if (V === 0) return 0; // the arm at the bottom of the range, the other at its top: nothing lies below
  return Math.sqrt(2 * (V + rho * V * V) * log(0.5 + Math.sqrt(1 + 1 / (rho * V)) / (2 * alpha)));
}

function emptyArm(): ArmSums {
  return { count: 0, sum: 0, squares: 0 };
}

function mergedArm(a: ArmSums, b: ArmSums): ArmSums {
  return { count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares };
}
