import { decodePolicy, encodePolicy, parametersHash } from "../../deploy/policy-file.ts";
import { box, discrete } from "../../env/space.ts";
import { wasmKernel } from "../../kernel/wasm-kernel.ts";
import { createRandom } from "../../math/random.ts";
import { exp, log } from "../../math/transcendental.ts";
import { crossEntropy } from "../../objective/cross-entropy.ts";
import { adam } from "../../optimizer/adam.ts";
import { createActionValues } from "../../policy/action-values.ts";
import { shuffle } from "../../rollout/minibatches.ts";
import { version } from "../../run/version.ts";
import type { Definition } from "../definition.ts";
import { networkPolicy } from "./network-policy.ts";
import type { Pretrained } from "./pretrain.ts";

/** What choices should be made where, [n, …] each. */
export interface Lessons {
  readonly size: number;
  /** [n, encoder.size] */
  readonly observations: Float32Array;
  /** [n, choices] */
  readonly masks: Uint8Array;
  /** Chances to come near to, [n, choices]; 0 where forbidden. */
  readonly targets: Float32Array;
}

export interface FitOptions {
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

export const fitDefaults: FitOptions = { hidden: [64, 64], epochs: 30, batchSize: 256, learningRate: 2e-3, seed: 0 };

/** A network that imitates: its masked softmax comes near to the targets, by cross-entropy. The same seed gives the same bytes. */
export function fitChoices(
  definition: Definition,
  { size, observations, masks, targets }: Lessons,
  options: Partial<FitOptions> = {},
  learnedBy = "imitation",
): Pretrained {
  const { hidden, epochs, batchSize, learningRate, seed } = { ...fitDefaults, ...options };
  const [inputs, width] = [definition.encoder.size, definition.choices.length];
  const spaces = {
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [inputs] }),
    actionSpace: discrete(width),
  };
  const random = createRandom(seed);
  const kernel = wasmKernel();
  const shape = { hidden, activation: "tanh", dueling: false } as const;
  const network = createActionValues(kernel, spaces, shape, batchSize, random.split());
  const optimizer = adam(kernel, network.parameters, network.gradients);
  const seen = kernel.float32(batchSize * inputs);
  const slopes = kernel.float32(batchSize * width);
  const batch = {
    probabilities: new Float32Array(batchSize * width),
    logProbabilities: new Float32Array(batchSize * width),
    targets: new Float32Array(batchSize * width),
  };
  const weights = new Float32Array(batchSize).fill(1);
  const losses = new Float32Array(batchSize);
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const steps = epochs * Math.ceil(size / batchSize);
  let taken = 0;

  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (let start = 0; start < size; start += batchSize) {
      const count = Math.min(batchSize, size - start);
      for (let i = 0; i < count; i++) {
        const row = order[start + i];
        seen.set(observations.subarray(row * inputs, (row + 1) * inputs), i * inputs);
        batch.targets.set(targets.subarray(row * width, (row + 1) * width), i * width);
      }
      const logits = network.forward(seen, count);
      for (let i = 0; i < count; i++)
        maskedLogSoftmax(logits, masks, i * width, order[start + i] * width, width, batch);
      crossEntropy(batch, weights, count, width, slopes, losses);
      network.backward(slopes, count);
      optimizer.step(learningRate * (1 - taken++ / steps), 1);
    }
  }

  const hash = parametersHash(network.parameters);
  const training = {
    algorithm: learnedBy,
    environment: definition.name,
    seed,
    steps: size,
    options: { ...options },
    version,
    parametersHash: hash,
  };
  const file = encodePolicy(
    { ...spaces, distribution: "categorical", layers: network.layers, logStd: null, normalization: null },
    training,
  );
  return { policy: networkPolicy(decodePolicy(file), definition), file, steps: size };
}

/** Chances and their logarithms of one row; of what is forbidden 0, and a logarithm that nothing is multiplied with. */
function maskedLogSoftmax(
  logits: Float32Array,
  masks: Uint8Array,
  at: number,
  maskAt: number,
  width: number,
  { probabilities, logProbabilities }: { probabilities: Float32Array; logProbabilities: Float32Array },
): void {
  let highest = -Infinity;
  for (let i = 0; i < width; i++) if (masks[maskAt + i] !== 0) highest = Math.max(highest, logits[at + i]);
  let sum = 0;
  for (let i = 0; i < width; i++) if (masks[maskAt + i] !== 0) sum += exp(logits[at + i] - highest);
  const logSum = highest + log(sum);
  for (let i = 0; i < width; i++) {
    const allowed = masks[maskAt + i] !== 0;
    logProbabilities[at + i] = allowed ? logits[at + i] - logSum : 0;
    probabilities[at + i] = allowed ? exp(logProbabilities[at + i]) : 0;
  }
}
