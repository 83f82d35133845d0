import { rmsProp as step } from "../kernel/reference/optimizer.ts";
import type { Optimizer } from "./optimizer.ts";
import { rmsPropDefaults } from "./rms-prop.ts";

/** What all threads learn in, without locks. */
export interface SharedMoments {
  /** θ */
  readonly parameters: Float32Array;
  /** g */
  readonly meanSquare: Float32Array;
}

/**
 * RMSProp on parameters and mean squares that other threads step at the same time.
 * Mnih et al. 2016, https://arxiv.org/abs/1602.01783, eq. 8 and 9, "Shared RMSProp".
 *
 * One number after the other is read, changed and written back. Two threads that meet at one lose one of the changes to
 * it, which is rare and does no harm: Niu et al. 2011, "Hogwild!", https://arxiv.org/abs/1106.5730.
 */
export function sharedRmsProp(
  { parameters, meanSquare }: SharedMoments,
  gradients: Float32Array,
  options: Partial<typeof rmsPropDefaults> = {},
): Optimizer {
  const { decay, epsilon, epsilonInside } = { ...rmsPropDefaults, ...options };
  return {
    arrays: { meanSquare },
    step: (learningRate, gradientScale) =>
      step(parameters, gradients, meanSquare, learningRate, decay, epsilon, epsilonInside, gradientScale),
  };
}
