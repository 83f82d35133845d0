import type { Kernel } from "../kernel/kernel.ts";

/**
 * Backtracking: goes the whole `step` from where `parameters` are, then `shrink` of it, then `shrink`² …, until `accepts()`,
 * and returns the fraction that it went. After `maxSteps` refusals the parameters are what they were, and the fraction is 0.
 */
export function createLineSearch(
  kernel: Kernel,
  parameters: Float32Array,
): (step: Float32Array, shrink: number, maxSteps: number, accepts: () => boolean) => number {
  const start = kernel.float32(parameters.length);

  return (step, shrink, maxSteps, accepts) => {
    start.set(parameters);
    let fraction = 1;
    for (let tried = 0; tried < maxSteps; tried++) {
      parameters.set(start);
      kernel.addScaled(parameters, fraction, step);
      if (accepts()) return fraction;
      fraction *= shrink;
    }
    parameters.set(start);
    return 0;
  };
}
