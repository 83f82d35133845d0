import type { RowsPasses, WasmExports } from "./wasm/exports.ts";

/** A native library of matrix products, as one thread has opened it. */
export interface Blas {
  /** The library, its version, and what it chose for this processor: "OpenBLAS 0.3.21 SkylakeX". */
  readonly name: string;
  /** Its product for matrices that lie in `buffer`. */
  bind(buffer: ArrayBufferLike): Sgemm;
}

/** C ← A B + beta C, as `cblas_sgemm` has it: row-major, C [m, n], places in bytes. */
export type Sgemm = (
  transposeA: boolean,
  transposeB: boolean,
  m: number,
  n: number,
  k: number,
  a: number,
  aRow: number,
  b: number,
  bRow: number,
  beta: number,
  c: number,
  cRow: number,
) => void;

/** The dense passes, their products by a library. Handed to threads as its own source, so it names nothing from outside. */
export function nativePasses(compiled: WasmExports, sgemm: Sgemm): RowsPasses {
  const { biasActivate, activationBackward } = compiled;
  const identity = 0;
  return {
    adamRows: compiled.adamRows,

    forwardRows(first, rows, x, weights, bias, y, inputs, outputs, activation) {
      const to = y + 4 * first * outputs;
      const from = x + 4 * first * inputs;
      sgemm(false, false, rows, outputs, inputs, from, inputs, weights, outputs, 0, to, outputs);
      biasActivate(to, bias, rows, outputs, activation);
    },

    weightRows(first, rows, x, dz, dWeights, batch, inputs, outputs) {
      const to = dWeights + 4 * first * outputs;
      sgemm(true, false, rows, outputs, batch, x + 4 * first, inputs, dz, outputs, 0, to, outputs);
    },

    inputRows(first, rows, dz, weights, x, dx, inputs, outputs, activation, accumulate) {
      if (accumulate && activation !== identity) {
        compiled.inputRows(first, rows, dz, weights, x, dx, inputs, outputs, activation, accumulate);
        return;
      }
      const to = dx + 4 * first * inputs;
      const from = dz + 4 * first * outputs;
      sgemm(false, true, rows, inputs, outputs, from, outputs, weights, outputs, accumulate, to, inputs);
      if (activation !== identity) activationBackward(x + 4 * first * inputs, to, rows * inputs, activation);
    },

    jvpRows(first, rows, x, xDot, weights, weightsDot, biasDot, y, yDot, inputs, outputs, activation) {
      const to = yDot + 4 * first * outputs;
      const row = 4 * first * inputs;
      sgemm(false, false, rows, outputs, inputs, x + row, inputs, weightsDot, outputs, 0, to, outputs);
      if (xDot) sgemm(false, false, rows, outputs, inputs, xDot + row, inputs, weights, outputs, 1, to, outputs);
      biasActivate(to, biasDot, rows, outputs, identity);
      if (activation !== identity) activationBackward(y + 4 * first * outputs, to, rows * outputs, activation);
    },
  };
}
