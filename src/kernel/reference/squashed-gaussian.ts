import { exp, log, tanh } from "../../math/transcendental.ts";

/** ½ log 2π */
const halfLogTau = 0.9189385332046727;

/** Haarnoja et al. 2018, https://arxiv.org/abs/1812.05905, appendix C: a = tanh(u), u = μ + σ ε. */
export function squashedGaussianForward(
  mean: Float32Array,
  logStd: Float32Array,
  noise: Float32Array,
  batch: number,
  size: number,
  actions: Float32Array,
  logProbs: Float32Array,
): void {
  for (let row = 0; row < batch; row++) {
    let logProb = 0;
    for (let i = row * size; i < (row + 1) * size; i++) {
      const u = mean[i] + exp(logStd[i]) * noise[i];
      actions[i] = tanh(u);
      logProb -= 0.5 * noise[i] * noise[i] + logStd[i] + halfLogTau;
      logProb -= logTanhSlope(u);
    }
    logProbs[row] = logProb;
  }
}

/** log(1 − tanh² u) = 2 (log 2 − u − softplus(−2u)), which is even in u. */
function logTanhSlope(u: number): number {
  const magnitude = Math.abs(u);
  return 2 * (Math.LN2 - magnitude - log(1 + exp(-2 * magnitude)));
}

/** With u the noise held fixed: ∂a/∂u = 1 − a² and ∂ log π / ∂u = 2a; u moves with μ, and with log σ as σ ε. */
export function squashedGaussianBackward(
  logStd: Float32Array,
  noise: Float32Array,
  actions: Float32Array,
  dActions: Float32Array,
  dLogProbs: Float32Array,
  batch: number,
  size: number,
  dMean: Float32Array,
  dLogStd: Float32Array,
): void {
  for (let row = 0; row < batch; row++) {
    for (let i = row * size; i < (row + 1) * size; i++) {
      const dU = dActions[i] * (1 - actions[i] * actions[i]) + dLogProbs[row] * 2 * actions[i];
      dMean[i] = dU;
      dLogStd[i] = dU * exp(logStd[i]) * noise[i] - dLogProbs[row];
    }
  }
}
