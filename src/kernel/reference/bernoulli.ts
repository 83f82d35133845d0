import { exp, log } from "../../math/transcendental.ts";

/** log π(a) = Σ a l − softplus(l); H = Σ softplus(l) − l σ(l), both in e^−|l| ≤ 1. */
export function bernoulliForward(
  logits: Float32Array,
  actions: Float32Array,
  batch: number,
  size: number,
  logProbs: Float32Array,
  entropies: Float32Array,
): void {
  for (let row = 0; row < batch; row++) {
    let logProb = 0;
    let entropy = 0;
    for (let i = row * size; i < (row + 1) * size; i++) {
      const magnitude = Math.abs(logits[i]);
      const small = exp(-magnitude);
      logProb += actions[i] * logits[i] - Math.max(logits[i], 0) - log(1 + small);
      entropy += log(1 + small) + (magnitude * small) / (1 + small);
    }
    logProbs[row] = logProb;
    entropies[row] = entropy;
  }
}

/** ∂ log π(a) / ∂ l = a − σ(l) and ∂ H / ∂ l = −l σ(l) σ(−l). */
export function bernoulliBackward(
  logits: Float32Array,
  actions: Float32Array,
  dLogProbs: Float32Array,
  dEntropies: Float32Array,
  batch: number,
  size: number,
  dLogits: Float32Array,
): void {
  for (let row = 0; row < batch; row++) {
    for (let i = row * size; i < (row + 1) * size; i++) {
      const small = exp(-Math.abs(logits[i]));
      const p = (logits[i] > 0 ? 1 : small) / (1 + small);
      const variance = small / ((1 + small) * (1 + small));
      dLogits[i] = dLogProbs[row] * (actions[i] - p) - dEntropies[row] * logits[i] * variance;
    }
  }
}
