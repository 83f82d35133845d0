import { decodePolicy, encodePolicy, parametersHash } from "../../deploy/policy-file.ts";
import { createRandom } from "../../math/random.ts";
import { exp, log } from "../../math/transcendental.ts";
import { crossEntropy } from "../../objective/cross-entropy.ts";
import { version } from "../../run/version.ts";
import type { Definition } from "../definition.ts";
import { networkPolicy } from "./network-policy.ts";
import { PIECE } from "./pieces.ts";
import type { Pretrained } from "./pretrain.ts";
import { createRowNetwork, type Passes } from "./row-network.ts";
import { shapeOf } from "./shape.ts";

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

export interface FitOptions extends Passes {
  readonly hidden: readonly number[];
  readonly batchSize: number;
  readonly seed: number;
}

export const fitDefaults: FitOptions = {
  hidden: [64, 64],
  epochs: 8,
  minSteps: 2000,
  batchSize: 256,
  learningRate: 5e-3,
  seed: 0,
};

/** A network that imitates, with its chances in the lessons' rows. */
export interface Imitation extends Pretrained {
  /** [n, choices] */
  readonly chances: Float32Array;
}

/** Teaches a network whose masked softmax comes near to the targets, by cross-entropy. The same seed gives the same bytes. */
export function* imitate(
  definition: Definition,
  { size, observations, masks, targets }: Lessons,
  options: Partial<FitOptions> = {},
  learnedBy = "imitation",
): Generator<void, Imitation, void> {
  const config = { ...fitDefaults, ...options };
  const { batchSize, seed } = config;
  const width = definition.choices.length;
  const { spaces, network, fit, evaluate } = createRowNetwork(definition, config, createRandom(seed));
  const batch = {
    probabilities: new Float32Array(batchSize * width),
    logProbabilities: new Float32Array(batchSize * width),
    targets: new Float32Array(batchSize * width),
  };
  const weights = new Float32Array(batchSize).fill(1);
  const losses = new Float32Array(batchSize);
  const order = Int32Array.from({ length: size }, (_, i) => i);

  yield* fit(
    observations,
    order,
    (logits, rows, count, slopes) => {
      for (let i = 0; i < count; i++) {
        batch.targets.set(targets.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
        maskedLogSoftmax(logits, masks, i * width, rows[i] * width, width, batch);
      }
      crossEntropy(batch, weights, count, width, slopes, losses);
    },
    config,
  );
  const chances = new Float32Array(size * width);
  yield* evaluate(observations, chances);
  const own = { probabilities: chances, logProbabilities: chances.slice() };
  for (let i = 0; i < size; i++) {
    maskedLogSoftmax(own.logProbabilities, masks, i * width, i * width, width, own);
    if (i % PIECE === PIECE - 1) yield;
  }

  yield;
  const training = {
    algorithm: learnedBy,
    environment: definition.name,
    seed,
    steps: size,
    options: { ...options, planner: shapeOf(definition) },
    version,
    parametersHash: parametersHash(network.parameters),
  };
  const file = encodePolicy(
    { ...spaces, distribution: "categorical", layers: network.layers, logStd: null, normalization: null },
    training,
  );
  yield;
  return { policy: networkPolicy(decodePolicy(file), definition), file, steps: size, chances };
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
