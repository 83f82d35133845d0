/**
 * The policy gradient over the first n samples, to be maximised. Williams 1992; Sutton et al. 1999, Theorem 1.
 *
 *   L(θ) = mean log π_θ(a|s) Â,   ∂L/∂log π_θ = Â / n
 *
 * Writes the slope to `dLogProbs`, [n], and returns L.
 */
export function scoreFunction(
  logProbs: Float32Array,
  advantages: Float32Array,
  n: number,
  dLogProbs: Float32Array,
): number {
  let value = 0;
  for (let i = 0; i < n; i++) {
    value += logProbs[i] * advantages[i];
    dLogProbs[i] = advantages[i] / n;
  }
  return value / n;
}
