import type { Kernel } from "../kernel/kernel.ts";
import { clipScale } from "../optimizer/clip-norm.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import { assertFinite } from "./non-finite-error.ts";

/** Where a step is taken, for the error that stops it. */
export interface Place {
  readonly algorithm: string;
  readonly steps: number;
}

/** Clips the gradient's norm, steps, and returns the norm before clipping. Refuses a gradient that is not finite. */
export function descend(
  kernel: Kernel,
  optimizer: Optimizer,
  gradients: Float32Array,
  learningRate: number,
  maxGradientNorm: number,
  { algorithm, steps }: Place,
): number {
  const norm = Math.sqrt(kernel.squaredNorm(gradients));
  assertFinite(algorithm, "update", steps, "the gradient's norm", norm);
  optimizer.step(learningRate, clipScale(norm, maxGradientNorm));
  return norm;
}
