import type { Kernel } from "../kernel/kernel.ts";
import type { Optimizer } from "./optimizer.ts";
import { rmsPropDefaults } from "./rms-prop.ts";

/** What all threads learn in, without locks, in memory that `kernel` can compute in. */
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
 * A few numbers after the others are read, changed and written back. Two threads that meet at the same ones lose one of
 * the changes to them, which is rare and does no harm: Niu et al. 2011, "Hogwild!", https://arxiv.org/abs/1106.5730.
 * `place` is where the gradients are put for `kernel`, which cannot see the memory of the one that computed them.
 */
export function sharedRmsProp(
  kernel: Kernel,
  { parameters, meanSquare }: SharedMoments,
  place: Float32Array,
  gradients: Float32Array,
  options: Partial<typeof rmsPropDefaults> = {},
): Optimizer {
  const { decay, epsilon, epsilonInside } = { ...rmsPropDefaults, ...options };
  return {
    arrays: { meanSquare },
    step(learningRate, gradientScale) {
      place.set(gradients);
      kernel.rmsProp(parameters, place, meanSquare, learningRate, decay, epsilon, epsilonInside, gradientScale);
    },
  };
}
