import { exp, log } from "../../math/transcendental.ts";

/** Log-probability of what must not happen: finite, so that nothing becomes NaN, and exp of it is 0. */
const forbidden = -1e30;

/** Log-softmax group by group, and per row Σ log π(a) and Σ H. */
export function categoricalForward(
  logits: Float32Array,
  masks: Uint8Array | null,
  sizes: Int32Array,
  actions: Float32Array,
  batch: number,
  logSoftmax: Float32Array,
  logProbs: Float32Array,
  entropies: Float32Array,
): void {
  let start = 0;
  for (let row = 0; row < batch; row++) {
    let logProb = 0;
    let entropy = 0;
    for (let group = 0; group < sizes.length; group++) {
      const end = start + sizes[group];
      let highest = forbidden;
      for (let i = start; i < end; i++) {
        if (masks?.[i] !== 0) highest = Math.max(highest, logits[i]);
      }
      let total = 0;
      for (let i = start; i < end; i++) {
        if (masks?.[i] !== 0) total += exp(logits[i] - highest);
      }
      const logTotal = log(total);
      for (let i = start; i < end; i++) {
        logSoftmax[i] = masks?.[i] === 0 ? forbidden : logits[i] - highest - logTotal;
        entropy -= exp(logSoftmax[i]) * logSoftmax[i];
      }
      logProb += logSoftmax[start + actions[row * sizes.length + group]];
      start = end;
    }
    logProbs[row] = logProb;
    entropies[row] = entropy;
  }
}

/** Slopes up to this size become 0: further down they would be too small for normal numbers, which are slow. */
const negligible = 1e-24;

/** ∂ log π(a) / ∂ lⱼ = 1[j = a] − pⱼ and ∂ H / ∂ lⱼ = −pⱼ (log pⱼ + H). */
export function categoricalBackward(
  logSoftmax: Float32Array,
  sizes: Int32Array,
  actions: Float32Array,
  dLogProbs: Float32Array,
  dEntropies: Float32Array,
  batch: number,
  dLogits: Float32Array,
): void {
  let start = 0;
  for (let row = 0; row < batch; row++) {
    for (let group = 0; group < sizes.length; group++) {
      const end = start + sizes[group];
      const chosen = start + actions[row * sizes.length + group];
      let entropy = 0;
      for (let i = start; i < end; i++) entropy -= exp(logSoftmax[i]) * logSoftmax[i];
      for (let i = start; i < end; i++) {
        const p = exp(logSoftmax[i]);
        const taken = i === chosen && logSoftmax[i] > forbidden ? 1 : 0; // a forbidden logit has no slope, even if it was chosen
        const slope = dLogProbs[row] * (taken - p) - dEntropies[row] * p * (logSoftmax[i] + entropy);
        dLogits[i] = Math.abs(slope) <= negligible ? 0 : slope;
      }
      start = end;
    }
  }
}
