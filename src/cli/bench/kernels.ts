import { performance } from "node:perf_hooks";
import type { Kernel } from "../../kernel/kernel.ts";
import {
  type DenseShape,
  type DenseSpeed,
  largeProductPeak,
  matrixProductPeak,
  measureDense,
} from "../../kernel/peak.ts";
import { wasmKernel } from "../../kernel/wasm-kernel.ts";

/** What the networks of control tasks are made of: acting one by one and eight by eight, first layers, hidden ones, wide ones. */
const shapes: readonly DenseShape[] = [
  { batch: 1, inputs: 64, outputs: 64 },
  { batch: 8, inputs: 64, outputs: 64 },
  { batch: 64, inputs: 4, outputs: 64 },
  { batch: 64, inputs: 64, outputs: 64 },
  { batch: 256, inputs: 64, outputs: 64 },
  { batch: 256, inputs: 256, outputs: 256 },
];

/** 10⁹ additions and multiplications per second; bias and activation are done, too, and not counted. */
export function kernelSpeeds(kernel: Kernel): DenseSpeed[] {
  return measureDense(kernel, () => performance.now(), shapes);
}

/** The best of several looks: other work on the machine only ever slows it. */
export function peakGflops(): number {
  const looks = Array.from({ length: 3 }, () => matrixProductPeak(wasmKernel(), () => performance.now()).gflops);
  return Math.max(...looks);
}

/** The same for a library, with all its threads. */
export function libraryPeakGflops(kernel: Kernel): number {
  const looks = Array.from({ length: 3 }, () => largeProductPeak(kernel, () => performance.now()).gflops);
  return Math.max(...looks);
}
