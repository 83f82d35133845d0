import type { Kernel } from "../kernel/kernel.ts";
import { adam } from "./adam.ts";
import type { Optimizer, OptimizerName } from "./optimizer.ts";
import { rmsProp } from "./rms-prop.ts";
import { sgd } from "./sgd.ts";

/** The optimiser of that name, with `epsilon` where it has one. */
export function createOptimizer(
  name: OptimizerName,
  kernel: Kernel,
  { parameters, gradients }: { readonly parameters: Float32Array; readonly gradients: Float32Array },
  epsilon: number,
): Optimizer {
  switch (name) {
    case "adam":
      return adam(kernel, parameters, gradients, { epsilon });
    case "rmsprop":
      return rmsProp(kernel, parameters, gradients, { epsilon });
    case "sgd":
      return sgd(kernel, parameters, gradients);
    default:
      throw new TypeError(`createOptimizer: unknown optimizer ${JSON.stringify(name satisfies never)}.`);
  }
}
