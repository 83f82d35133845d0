import { exp } from "../math/transcendental.ts";
import type { PolicyChange, SurrogateValue } from "./clipped-surrogate.ts";

/**
 * PPO's penalised surrogate over the first n samples, to be maximised. Schulman et al. 2017, https://arxiv.org/abs/1707.06347, eq. 8.
 *
 *   L(θ) = mean (r Â − β (r − 1 − log r))
 *
 * The divergence is estimated from the samples (k3), whose slope in log π_θ is r − 1. Writes ∂L/∂log π_θ to `dLogProbs`, [n].
 */
export function penalizedSurrogate(
  { logProbs, oldLogProbs, advantages }: PolicyChange,
  n: number,
  beta: number,
  dLogProbs: Float32Array,
): SurrogateValue {
  let value = 0;
  let kl = 0;
  for (let i = 0; i < n; i++) {
    const logRatio = logProbs[i] - oldLogProbs[i];
    const ratio = exp(logRatio);
    const divergence = ratio - 1 - logRatio;
    value += ratio * advantages[i] - beta * divergence;
    dLogProbs[i] = (ratio * advantages[i] - beta * (ratio - 1)) / n;
    kl += divergence;
  }
  return { value: value / n, kl: kl / n, clippedFraction: 0 };
}

/** Where β may go: so that halving never ends at 0, which no doubling leaves, nor doubling at infinity. */
const smallest = 1e-10;
const largest = 1e10;

/** The paper's rule, section 4: halve β where the policy moved too little, double it where it moved too far. */
export function adaptKlCoefficient(beta: number, kl: number, targetKl: number): number {
  if (kl < targetKl / 1.5) return Math.max(beta / 2, smallest);
  if (kl > targetKl * 1.5) return Math.min(beta * 2, largest);
  return beta;
}
