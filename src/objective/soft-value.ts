import { exp } from "../math/transcendental.ts";

/**
 * What a state is worth to a policy over n choices that is paid for its entropy, α nats' worth, in the first rows of a batch.
 * Christodoulou 2019, https://arxiv.org/abs/1910.07207, eq. 10.
 *
 *   V(s) = Σ π(a|s) (Q(s, a) − α log π(a|s))
 *
 * `logProbs`, `actionValues` [rows, actions]; writes V to `values`, [rows].
 */
export function softValues(
  logProbs: Float32Array,
  actionValues: Float32Array,
  temperature: number,
  { rows, actions }: { readonly rows: number; readonly actions: number },
  values: Float32Array,
): void {
  for (let row = 0; row < rows; row++) {
    let value = 0;
    for (let i = row * actions; i < (row + 1) * actions; i++) {
      value += exp(logProbs[i]) * (actionValues[i] - temperature * logProbs[i]);
    }
    values[row] = value;
  }
}

/**
 * The slope of −mean V(s) at the policy's logits z, Q held fixed; eq. 12. `values` are what `softValues` wrote.
 *
 *   ∂(−V)/∂zₐ = π(a|s) (V(s) − Q(s, a) + α log π(a|s))
 */
export function softPolicySlope(
  logProbs: Float32Array,
  actionValues: Float32Array,
  values: Float32Array,
  temperature: number,
  { rows, actions }: { readonly rows: number; readonly actions: number },
  dLogits: Float32Array,
): void {
  for (let row = 0; row < rows; row++) {
    for (let i = row * actions; i < (row + 1) * actions; i++) {
      const gain = values[row] - actionValues[i] + temperature * logProbs[i];
      dLogits[i] = (exp(logProbs[i]) * gain) / rows;
    }
  }
}
