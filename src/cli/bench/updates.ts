import { createPpoUpdate, ppoDefaults } from "../../algorithm/ppo.ts";
import { make } from "../../env/registry.ts";
import type { Kernel, MakeKernel } from "../../kernel/kernel.ts";
import { defaultBytes } from "../../kernel/memory.ts";
import { createRandom } from "../../math/random.ts";
import { createOptimizer } from "../../optimizer/create-optimizer.ts";
import { createActorCritic } from "../../policy/actor-critic.ts";
import { type Batch, createMinibatches, shuffle } from "../../rollout/minibatches.ts";
import { callsPerSecond } from "./measure.ts";

/** One gradient step of PPO, all of it: gather, forward, loss, backward, clip, Adam. Separate policy and value networks. */
export interface UpdateSpeed {
  readonly batch: number;
  readonly hidden: readonly number[];
  readonly milliseconds: number;
  /** 10⁹ additions and multiplications of the matrix products per second. */
  readonly gflops: number;
  readonly shareOfPeak: number;
  /** Of the library's, or null without one. */
  readonly shareOfBlasPeak: number | null;
}

/** Batches at one width, then widths at one batch. */
const sizes: readonly (readonly [batch: number, width: number])[] = [
  [16, 64],
  [64, 64],
  [256, 64],
  [1024, 64],
  [256, 32],
  [256, 128],
  [256, 256],
  [256, 512],
  [64, 256],
];

/** Of all threads together, in GFLOP/s. */
export interface Peaks {
  readonly wasm: number;
  readonly blas: number | null;
}

export function updateSpeeds(makeKernel: MakeKernel, peaks: Peaks, seconds: number): UpdateSpeed[] {
  return sizes.map(([batch, width]) => {
    return ofPeaks(updateSpeed(makeKernel({ bytes: defaultBytes }), batch, [width, width], seconds), peaks);
  });
}

/** By itself. */
export type PlainSpeed = Omit<UpdateSpeed, "shareOfPeak" | "shareOfBlasPeak">;

export function ofPeaks(speed: PlainSpeed, { wasm, blas }: Peaks): UpdateSpeed {
  return { ...speed, shareOfPeak: speed.gflops / wasm, shareOfBlasPeak: blas && speed.gflops / blas };
}

function updateSpeed(kernel: Kernel, batchSize: number, hidden: readonly number[], seconds: number): PlainSpeed {
  const env = make("CartPole-v1");
  const random = createRandom(0);
  const steps = 4;
  const config = { ...ppoDefaults, hidden, batchSize, epochs: 1 };
  const policy = createActorCritic(kernel, env, config, steps * batchSize, random.split());
  const optimizer = createOptimizer(config.optimizer, kernel, policy, config.optimizerEpsilon);

  const rows = steps * batchSize;
  const numbers = (size: number) => {
    const array = kernel.float32(size);
    for (let i = 0; i < size; i++) array[i] = random.normal();
    return array;
  };
  const batch: Batch = {
    size: rows,
    observations: numbers(rows * 4),
    actions: kernel.float32(rows),
    masks: null,
    logProbs: kernel.float32(rows),
    values: numbers(rows),
    advantages: numbers(rows),
    returns: numbers(rows),
  };
  policy.act(batch.observations, null, rows, random, batch);
  const update = createPpoUpdate(kernel, policy, optimizer, createMinibatches(kernel, batch, batchSize), config);
  const coefficients = { learningRate: 1e-6, clipRange: 0.2, klCoefficient: 1, steps: 0 };
  const epochs = callsPerSecond(() => void update(coefficients, (order) => shuffle(order, random)), seconds);

  const perUpdate = updateFlops(batchSize, 4, hidden, 2) + updateFlops(batchSize, 4, hidden, 1);
  const gflops = (perUpdate * steps * epochs.median) / 1e9;
  return { batch: batchSize, hidden, milliseconds: 1000 / (steps * epochs.median), gflops };
}

/** Forward, to the weights, and to the inputs of all layers but the first: 2 · batch · inputs · outputs each. */
export function updateFlops(batch: number, inputs: number, hidden: readonly number[], outputs: number): number {
  const sizes = [inputs, ...hidden, outputs];
  let flops = 0;
  for (let i = 0; i + 1 < sizes.length; i++) flops += (i === 0 ? 2 : 3) * 2 * batch * sizes[i] * sizes[i + 1];
  return flops;
}
