import type { Kernel } from "./kernel.ts";

/** A library of matrix products, made for this very processor. */
export interface Blas {
  /** The library, its version, and what it chose for this processor: "OpenBLAS 0.3.21 SkylakeX". */
  readonly name: string;
  /**
   * C ← A B, or C + A B with `accumulate`. C [rows, columns], A [rows, depth], B [depth, columns], row-major;
   * with `transposeA` A is given as [depth, rows], with `transposeB` B as [columns, depth].
   */
  multiply(
    a: Float32Array,
    transposeA: boolean,
    b: Float32Array,
    transposeB: boolean,
    c: Float32Array,
    rows: number,
    columns: number,
    depth: number,
    accumulate: boolean,
  ): void;
}

/** Multiplications from which a call to a library pays. */
const worthwhile = 8192;

/**
 * `kernel` with its large products done by a library: within rounding the same numbers, but not the same bytes,
 * neither as `kernel` alone nor as the library on another processor.
 */
export function blasKernel(kernel: Kernel, blas: Blas): Kernel {
  const { biasActivate, activationBackward, columnSums } = kernel;
  return {
    ...kernel,
    name: `${kernel.name} + ${blas.name}`,
    get bytesUsed() {
      return kernel.bytesUsed;
    },

    denseForward(x, weights, bias, y, batch, inputs, outputs, activation) {
      if (batch * inputs * outputs < worthwhile) {
        kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, activation);
        return;
      }
      blas.multiply(x, false, weights, false, y, batch, outputs, inputs, false);
      biasActivate(y, bias, batch, outputs, activation);
    },

    denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs) {
      if (batch * inputs * outputs < worthwhile) {
        kernel.denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs);
        return;
      }
      columnSums(dz, dBias, batch, outputs);
      blas.multiply(x, true, dz, false, dWeights, inputs, outputs, batch, false);
    },

    denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, accumulate) {
      const mixed = accumulate && activation !== "identity"; // dx would need a place of its own before it is added
      if (mixed || batch * inputs * outputs < worthwhile) {
        kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, accumulate);
        return;
      }
      blas.multiply(dz, false, weights, true, dx, batch, inputs, outputs, accumulate);
      if (activation !== "identity") activationBackward(x, dx.subarray(0, batch * inputs), activation);
    },

    denseJvp(x, xDot, weights, weightsDot, biasDot, y, yDot, batch, inputs, outputs, activation) {
      if (batch * inputs * outputs < worthwhile) {
        kernel.denseJvp(x, xDot, weights, weightsDot, biasDot, y, yDot, batch, inputs, outputs, activation);
        return;
      }
      blas.multiply(x, false, weightsDot, false, yDot, batch, outputs, inputs, false);
      if (xDot) blas.multiply(xDot, false, weights, false, yDot, batch, outputs, inputs, true);
      biasActivate(yDot, biasDot, batch, outputs, "identity");
      if (activation !== "identity") activationBackward(y, yDot.subarray(0, batch * outputs), activation);
    },
  };
}
