import { exp } from "../math/transcendental.ts";
import type { PolicyChange } from "./clipped-surrogate.ts";

/**
 * What the actions of π_old would have been worth to π, over the first n samples, to be maximised.
 * Schulman et al. 2015, https://arxiv.org/abs/1502.05477, eq. 14, with q = π_old and advantages for Q.
 *
 *   r(θ) = π_θ(a|s) / π_old(a|s)
 *   L(θ) = mean r Â
 *
 * Writes ∂L/∂log π_θ to `dLogProbs`, [n], and returns L.
 */
export function surrogate(
  { logProbs, oldLogProbs, advantages }: PolicyChange,
  n: number,
  dLogProbs: Float32Array,
): number {
  let value = 0;
  for (let i = 0; i < n; i++) {
    const gain = exp(logProbs[i] - oldLogProbs[i]) * advantages[i];
    value += gain;
    dLogProbs[i] = gain / n; // ∂r/∂log π = r
  }
  return value / n;
}
