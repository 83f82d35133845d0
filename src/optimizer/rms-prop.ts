import type { Kernel } from "../kernel/kernel.ts";
import type { Optimizer } from "./optimizer.ts";

export const rmsPropDefaults = {
  /** ρ, how much of the mean square is kept. */
  decay: 0.99,
  epsilon: 1e-5,
  /** TensorFlow's form, α g / √(v + ε) with v starting at 1, instead of PyTorch's α g / (√v + ε) with v starting at 0. */
  epsilonInside: false,
};

/** Tieleman & Hinton 2012, lecture 6.5, in both of the forms in use. */
export function rmsProp(
  kernel: Kernel,
  parameters: Float32Array,
  gradients: Float32Array,
  options: Partial<typeof rmsPropDefaults> = {},
): Optimizer {
  const { decay, epsilon, epsilonInside } = { ...rmsPropDefaults, ...options };
  const meanSquare = kernel.float32(parameters.length).fill(epsilonInside ? 1 : 0);
  return {
    arrays: { meanSquare },
    step: (learningRate, gradientScale) =>
      kernel.rmsProp(parameters, gradients, meanSquare, learningRate, decay, epsilon, epsilonInside, gradientScale),
  };
}
