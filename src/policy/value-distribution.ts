import type { Kernel } from "../kernel/kernel.ts";
import type { ValueSupport } from "./policy.ts";

/** From logits over a support to what they say; the arrays are overwritten by the next call. */
export interface ValueDistribution {
  /** log pᵢ of each row [rows, atoms], and pᵢ. */
  evaluate(logits: Float32Array, rows: number): Probabilities;
  /** Σ pᵢ zᵢ of each row. */
  means(probabilities: Float32Array, rows: number): Float32Array;
}

/** [rows, atoms] each. */
export interface Probabilities {
  readonly logProbabilities: Float32Array;
  readonly probabilities: Float32Array;
}

/** Up to `maxRows` distributions at a time. */
export function createValueDistribution(
  kernel: Kernel,
  { low, high, atoms }: ValueSupport,
  maxRows: number,
): ValueDistribution {
  const spacing = (high - low) / (atoms - 1);
  const sizes = kernel.int32(1).fill(atoms);
  const logProbabilities = kernel.float32(maxRows * atoms);
  const probabilities = kernel.float32(maxRows * atoms);
  const first = kernel.float32(maxRows);
  const [unused, unusedToo] = [kernel.float32(maxRows), kernel.float32(maxRows)];
  const means = kernel.float32(maxRows);

  return {
    evaluate(logits, rows) {
      const used = rows * atoms;
      kernel.categoricalForward(logits, null, sizes, first, rows, logProbabilities, unused, unusedToo);
      kernel.exp(logProbabilities.subarray(0, used), probabilities.subarray(0, used));
      return { logProbabilities, probabilities };
    },

    means(of, rows) {
      for (let row = 0, i = 0; row < rows; row++) {
        let mean = 0;
        for (let atom = 0; atom < atoms; atom++, i++) mean += of[i] * (low + atom * spacing);
        means[row] = mean;
      }
      return means;
    },
  };
}
