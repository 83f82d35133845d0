import type { Kernel } from "../kernel/kernel.ts";
import type { Optimizer } from "./optimizer.ts";

/** Robbins & Monro 1951: p −= α g. */
export function sgd(kernel: Kernel, parameters: Float32Array, gradients: Float32Array): Optimizer {
  return {
    arrays: {},
    step: (learningRate, gradientScale) => kernel.sgd(parameters, gradients, learningRate, gradientScale),
  };
}
