/** [n, atoms] each. */
interface Distributions {
  readonly logProbabilities: Float32Array;
  readonly probabilities: Float32Array;
  /** What the probabilities should be. */
  readonly targets: Float32Array;
}

/**
 * mean −w Σⱼ mⱼ log pⱼ over the first n rows, where p is the softmax of logits and m the target.
 * Bellemare, Dabney & Munos 2017, https://arxiv.org/abs/1707.06887, Algorithm 1, its last line.
 *
 * Writes the slope at the logits, w (p − m) / n, to `dLogits` [n, atoms], and each row's loss, without w, to `losses`.
 */
export function crossEntropy(
  { logProbabilities, probabilities, targets }: Distributions,
  weights: Float32Array,
  n: number,
  atoms: number,
  dLogits: Float32Array,
  losses: Float32Array,
): number {
  let sum = 0;
  for (let row = 0, i = 0; row < n; row++) {
    const weight = weights[row];
    let loss = 0;
    for (let atom = 0; atom < atoms; atom++, i++) {
      loss -= targets[i] * logProbabilities[i];
      dLogits[i] = (weight * (probabilities[i] - targets[i])) / n;
    }
    losses[row] = loss;
    sum += weight * loss;
  }
  return sum / n;
}
