import { exp } from "../../math/transcendental.ts";

/** ½ log 2π */
const halfLogTau = 0.9189385332046727;

/** log π(a) = Σ −½ z² − log σ − ½ log 2π with z = (a − μ) / σ; H = Σ ½ + ½ log 2π + log σ. */
export function gaussianForward(
  mean: Float32Array,
  logStd: Float32Array,
  actions: Float32Array,
  batch: number,
  size: number,
  logProbs: Float32Array,
  entropies: Float32Array,
): void {
  for (let row = 0; row < batch; row++) {
    let logProb = 0;
    let entropy = 0;
    for (let j = 0; j < size; j++) {
      const z = (actions[row * size + j] - mean[row * size + j]) * exp(-logStd[j]);
      logProb -= 0.5 * z * z + logStd[j] + halfLogTau;
      entropy += 0.5 + halfLogTau + logStd[j];
    }
    logProbs[row] = logProb;
    entropies[row] = entropy;
  }
}

/** ∂ log π(a) / ∂ μ = z / σ and ∂ log π(a) / ∂ log σ = z² − 1; ∂ H / ∂ log σ = 1. */
export function gaussianBackward(
  mean: Float32Array,
  logStd: Float32Array,
  actions: Float32Array,
  dLogProbs: Float32Array,
  dEntropies: Float32Array,
  batch: number,
  size: number,
  dMean: Float32Array,
  dLogStd: Float32Array,
): void {
  for (let j = 0; j < size; j++) {
    const inverseStd = exp(-logStd[j]);
    let sum = 0;
    for (let row = 0; row < batch; row++) {
      const z = (actions[row * size + j] - mean[row * size + j]) * inverseStd;
      dMean[row * size + j] = dLogProbs[row] * z * inverseStd;
      sum += dLogProbs[row] * (z * z - 1) + dEntropies[row];
    }
    dLogStd[j] = sum;
  }
}
