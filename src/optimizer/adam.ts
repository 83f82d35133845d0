import type { Kernel } from "../kernel/kernel.ts";
import type { Optimizer } from "./optimizer.ts";

export const adamDefaults = {
  /** β₁ */
  beta1: 0.9,
  /** β₂ */
  beta2: 0.999,
  /** ε, outside the square root. */
  epsilon: 1e-8,
};

/** Kingma & Ba 2015, https://arxiv.org/abs/1412.6980, Algorithm 1. */
export function adam(
  kernel: Kernel,
  parameters: Float32Array,
  gradients: Float32Array,
  options: Partial<typeof adamDefaults> = {},
): Optimizer {
  const { beta1, beta2, epsilon } = { ...adamDefaults, ...options };
  const firstMoment = kernel.float32(parameters.length);
  const secondMoment = kernel.float32(parameters.length);
  /** t */
  const taken = new Float64Array(1);
  return {
    arrays: { firstMoment, secondMoment, taken },
    step(learningRate, gradientScale) {
      taken[0]++;
      kernel.adam(
        parameters,
        gradients,
        firstMoment,
        secondMoment,
        taken[0],
        learningRate,
        beta1,
        beta2,
        epsilon,
        gradientScale,
      );
    },
  };
}
