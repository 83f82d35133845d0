import type { Kernel } from "../../kernel/kernel.ts";
import { wasmKernel } from "../../kernel/wasm-kernel.ts";
import { createRandom } from "../../math/random.ts";
import { callsPerSecond } from "./measure.ts";

/** One dense kernel at one size. */
export interface KernelSpeed {
  readonly kernel: "denseForward" | "denseBackwardWeights" | "denseBackwardInput";
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
  /** 10⁹ additions and multiplications per second; bias and activation are done, too, and not counted. */
  readonly gflops: number;
}

/** What the networks of control tasks are made of: first layers, hidden layers, wide ones, and acting one by one. */
const shapes = [
  [1, 64, 64],
  [8, 64, 64],
  [64, 4, 64],
  [64, 64, 64],
  [256, 64, 64],
  [256, 256, 256],
] as const;

export function kernelSpeeds(seconds: number): KernelSpeed[] {
  return shapes.flatMap((shape) => shapeSpeeds(shape, seconds));
}

function shapeSpeeds([batch, inputs, outputs]: (typeof shapes)[number], seconds: number): KernelSpeed[] {
  const kernel = wasmKernel();
  const x = noise(kernel, batch * inputs);
  const y = noise(kernel, batch * outputs);
  const weights = noise(kernel, inputs * outputs);
  const bias = noise(kernel, outputs);
  const dx = noise(kernel, batch * inputs);
  const dWeights = noise(kernel, inputs * outputs);
  const dBias = noise(kernel, outputs);
  const works = {
    denseForward: () => kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, "tanh"),
    denseBackwardWeights: () => kernel.denseBackwardWeights(x, y, dWeights, dBias, batch, inputs, outputs),
    denseBackwardInput: () => kernel.denseBackwardInput(y, weights, x, dx, batch, inputs, outputs, "tanh", false),
  };
  return (["denseForward", "denseBackwardWeights", "denseBackwardInput"] as const).map((name) => ({
    kernel: name,
    batch,
    inputs,
    outputs,
    gflops: (2 * batch * inputs * outputs * callsPerSecond(works[name], seconds).median) / 1e9,
  }));
}

function noise(kernel: Kernel, length: number): Float32Array {
  const random = createRandom(length);
  const numbers = kernel.float32(length);
  for (let i = 0; i < length; i++) numbers[i] = 0.1 * random.normal();
  return numbers;
}
