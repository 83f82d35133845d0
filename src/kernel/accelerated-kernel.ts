import type { Kernel } from "./kernel.ts";
import { defaultBytes } from "./memory.ts";
import { type Blas, nativePasses } from "./native.ts";
import { createBoard } from "./thread/board.ts";
import type { HelpTask } from "./thread/help.ts";
import { activationCodes, adamFactors, bind, flushMoments } from "./wasm/bind.ts";
import type { RowsPasses } from "./wasm/exports.ts";
import { instantiate, reserve } from "./wasm-kernel.ts";

/** What does the large passes. */
export interface Acceleration {
  /** In all, the calling one among them. */
  readonly threads: number;
  /** Starts a thread that runs `help` with this; when it comes up is its own affair. */
  start(task: HelpTask): void;
  /** For the products, or null to do them in WebAssembly. */
  readonly blas: Blas | null;
}

/** Multiplications from which a call to a library pays. */
const worthCalling = 8192;
/** Microseconds of work from which it pays to ask for help, as multiplications, in WebAssembly and in a library, and as parameters. */
const worthSharing = { wasm: 131072, native: 524288, parameters: 16384 };
/** Rows of a part are a multiple of this: whole tiles, so that no row is summed in another way than it would be alone. */
const tile = 16;

const passes = [
  "forwardRows",
  "weightRows",
  "inputRows",
  "jvpRows",
  "adamRows",
] as const satisfies (keyof RowsPasses)[];
const [forward, toWeights, toInput, jvp, adam] = passes.keys();

/**
 * `wasmKernel`, its large passes shared by several threads, their products done by a native library, or both.
 *
 * Threads take rows of the result. In WebAssembly each number is then the same sum in the same order as with one thread: the bytes are the same.
 * A library gives other bytes, within rounding, depending on its version, the processor and the number of threads: the kernel's name says them.
 */
export function acceleratedKernel(
  { threads, start, blas }: Acceleration,
  { bytes = defaultBytes }: { readonly bytes?: number } = {},
): Kernel {
  const memory = threads > 1 ? reserve(bytes + threads * 2 ** 19, true) : reserve(bytes);
  const { wasm, module } = instantiate(memory);
  const kernel = bind(wasm, memory, true);
  const { forwardRows, weightRows, inputRows, jvpRows, adamRows } = blas
    ? nativePasses(wasm, blas.bind(memory.buffer))
    : wasm;
  const { run, place: board } = createBoard(kernel);
  for (let i = 1; i < threads; i++) {
    const scratch = kernel.uint8(wasm.scratchBytes.value).byteOffset;
    start({ module, memory, board, scratch, passes });
  }
  const least = blas ? worthCalling : threads > 1 ? worthSharing.wasm : Infinity;
  const shared = blas ? worthSharing.native : worthSharing.wasm;

  /** How many rows go into a part: one part for each thread, or one in all where it does not pay to ask. */
  function part(rows: number, worth: number, enough: number): number {
    if (threads === 1 || worth < enough) return rows;
    return Math.ceil(rows / threads / tile) * tile;
  }

  return {
    ...kernel,
    name: kernelName(blas, threads),
    get bytesUsed() {
      return kernel.bytesUsed;
    },

    denseForward(x, weights, bias, y, batch, inputs, outputs, activation) {
      const products = batch * inputs * outputs;
      if (products < least) {
        kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, activation);
        return;
      }
      run(
        forward,
        forwardRows,
        batch,
        part(batch, products, shared),
        x.byteOffset,
        weights.byteOffset,
        bias.byteOffset,
        y.byteOffset,
        inputs,
        outputs,
        activationCodes[activation],
      );
    },

    denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs) {
      const products = batch * inputs * outputs;
      if (products < least || (outputs <= 3 && !blas)) {
        kernel.denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs);
        return;
      }
      run(
        toWeights,
        weightRows,
        inputs,
        part(inputs, products, shared),
        x.byteOffset,
        dz.byteOffset,
        dWeights.byteOffset,
        batch,
        inputs,
        outputs,
      );
      kernel.columnSums(dz, dBias, batch, outputs);
    },

    denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, accumulate) {
      const products = batch * inputs * outputs;
      if (products < least) {
        kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, accumulate);
        return;
      }
      run(
        toInput,
        inputRows,
        batch,
        part(batch, products, shared),
        dz.byteOffset,
        weights.byteOffset,
        x.byteOffset,
        dx.byteOffset,
        inputs,
        outputs,
        activationCodes[activation],
        accumulate ? 1 : 0,
      );
    },

    denseJvp(x, xDot, weights, weightsDot, biasDot, y, yDot, batch, inputs, outputs, activation) {
      const products = batch * inputs * outputs;
      if (products < least) {
        kernel.denseJvp(x, xDot, weights, weightsDot, biasDot, y, yDot, batch, inputs, outputs, activation);
        return;
      }
      run(
        jvp,
        jvpRows,
        batch,
        part(batch, products, shared),
        x.byteOffset,
        xDot ? xDot.byteOffset : 0,
        weights.byteOffset,
        weightsDot.byteOffset,
        biasDot.byteOffset,
        y.byteOffset,
        yDot.byteOffset,
        inputs,
        outputs,
        activationCodes[activation],
      );
    },

    adam(parameters, gradients, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon, gradientScale) {
      const f = adamFactors(step, learningRate, beta1, beta2, epsilon, gradientScale);
      const n = parameters.length;
      run(
        adam,
        adamRows,
        n,
        part(n, n, worthSharing.parameters),
        parameters.byteOffset,
        gradients.byteOffset,
        firstMoment.byteOffset,
        secondMoment.byteOffset,
        f.beta1,
        f.a,
        f.beta2,
        f.b,
        f.stepSize,
        f.epsilon,
      );
      flushMoments(wasm, step, firstMoment, secondMoment);
    },
  };
}

/** What decides the bytes: threads do only where a library sums their parts. */
export function kernelName(blas: Blas | null, threads: number): string {
  if (!blas) return "wasm";
  return threads === 1 ? `wasm + ${blas.name}` : `wasm + ${blas.name} in ${threads} threads`;
}
