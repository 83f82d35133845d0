import { exp } from "../math/transcendental.ts";

/** What a policy did with the actions of a batch, then and now. All [n]. */
export interface PolicyChange {
  /** log π_θ(a|s) */
  readonly logProbs: Float32Array;
  /** log π_old(a|s) */
  readonly oldLogProbs: Float32Array;
  readonly advantages: Float32Array;
}

/** How far the policy moved: the value of an objective and two measures of change. */
export interface SurrogateValue {
  value: number;
  /** KL(π_old ‖ π), the estimator k3 of http://joschu.net/blog/kl-approx.html */
  kl: number;
  /** Share of ratios outside 1 ± ε. */
  clippedFraction: number;
}

/**
 * PPO's clipped surrogate over the first n samples, to be maximised. Schulman et al. 2017, https://arxiv.org/abs/1707.06347, eq. 7.
 *
 *   r(θ) = π_θ(a|s) / π_old(a|s)
 *   L(θ) = mean min(r Â, clip(r, 1 − ε, 1 + ε) Â)
 *
 * Writes ∂L/∂log π_θ to `dLogProbs`, [n].
 */
export function clippedSurrogate(
  { logProbs, oldLogProbs, advantages }: PolicyChange,
  n: number,
  epsilon: number,
  dLogProbs: Float32Array,
): SurrogateValue {
  let value = 0;
  let kl = 0;
  let clipped = 0;
  for (let i = 0; i < n; i++) {
    const logRatio = logProbs[i] - oldLogProbs[i];
    const ratio = exp(logRatio);
    const clippedRatio = Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilon);
    const plain = ratio * advantages[i];
    const bounded = clippedRatio * advantages[i];
    value += Math.min(plain, bounded);
    dLogProbs[i] = plain <= bounded ? plain / n : 0; // ∂r/∂log π = r; a clipped sample has no slope
    kl += ratio - 1 - logRatio;
    if (ratio !== clippedRatio) clipped++;
  }
  return { value: value / n, kl: kl / n, clippedFraction: clipped / n };
}
