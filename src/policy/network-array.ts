import type { Kernel } from "../kernel/kernel.ts";
import { createNetwork, type Network, type NetworkShape, parameterCount } from "./network.ts";

/** As many networks of one shape as `parameters` holds, one behind the other; `gradients` is as long, or empty where nothing is learned. */
export function createNetworkArray(
  kernel: Kernel,
  shape: NetworkShape,
  parameters: Float32Array,
  gradients: Float32Array,
  maxBatch: number,
): Network[] {
  const length = parameterCount(shape);
  return Array.from({ length: parameters.length / length }, (_, i) => {
    const [start, end] = [i * length, (i + 1) * length];
    return createNetwork(kernel, shape, parameters.subarray(start, end), gradients.subarray(start, end), maxBatch);
  });
}

/** The smallest of several networks' outputs, number by number. */
export function smallestOutputs(outputs: readonly Float32Array[], count: number, out: Float32Array): void {
  for (let i = 0; i < count; i++) {
    let smallest = outputs[0][i];
    for (let k = 1; k < outputs.length; k++) if (outputs[k][i] < smallest) smallest = outputs[k][i];
    out[i] = smallest;
  }
}
