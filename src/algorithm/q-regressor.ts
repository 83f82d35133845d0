import { type Discrete, flatSize, type Space } from "../env/space.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { evaluateForest, type Forest } from "../math/forest.ts";
import type { Random } from "../math/random.ts";
import type { NumberArray, RestorableArrays } from "../math/snapshot.ts";
import { squaredError } from "../objective/squared-error.ts";
import { adam } from "../optimizer/adam.ts";
import { placeActions, takeActions } from "../policy/action-rows.ts";
import { type ActionValuesShape, createActionValues } from "../policy/action-values.ts";
import { createTreeGrower } from "../policy/extra-trees.ts";
import type { Policy } from "../policy/policy.ts";
import { shuffle } from "../rollout/minibatches.ts";
import { descend } from "./descend.ts";
import type { FixedBatch } from "./fixed-batch.ts";

/** What learns Q(s, a) from rows and targets, anew each time. */
export interface QRegressor<O extends Space, A extends Discrete> {
  /** Greedy on what was learned last; before the first fit, Q = 0 or as initialised. */
  readonly policy: Policy<O, A>;
  /** Q(s, ·) of `count` rows [count, observationSize] into `out` [count, actions]. */
  evaluate(observations: Float32Array, count: number, out: Float32Array): void;
  /** Brings Q(s, a) of every row of the batch to `targets` [size]. */
  fit(batch: FixedBatch, targets: Float32Array): void;
  /** What was learned, for snapshots. */
  readonly arrays: Readonly<Record<string, NumberArray>>;
  readonly stores: readonly RestorableArrays[];
}

interface Spaces<O extends Space, A extends Discrete> {
  readonly observationSpace: O;
  readonly actionSpace: A;
}

export interface ForestOptions {
  readonly trees: number;
  readonly minSplit: number;
  readonly splitCandidates: number;
}

/** An ensemble for each action: actions have no order that a threshold could use. */
export function forestRegressor<O extends Space, A extends Discrete>(
  { observationSpace, actionSpace }: Spaces<O, A>,
  { trees, minSplit, splitCandidates }: ForestOptions,
  random: Random,
): QRegressor<O, A> {
  const inputs = flatSize(observationSpace);
  const outputs = actionSpace.n;
  const shape = { minSplit, candidates: splitCandidates || inputs };
  // A leaf of 0 for every action: Q₀ = 0.
  let forest: Forest = {
    nodes: Float32Array.from({ length: 3 * outputs }, (_, i) => (i % 3 === 0 ? -1 : 0)),
    roots: Int32Array.from({ length: outputs }, (_, i) => i),
    outputs,
  };

  return {
    policy: {
      observationSpace,
      actionSpace,
      distribution: "action-values",
      layers: [],
      get forest() {
        return forest;
      },
      logStd: null,
      normalization: null,
      get parameters() {
        return forest.nodes;
      },
    },

    evaluate(observations, count, out) {
      evaluateForest(forest, observations, count, inputs, out);
    },

    fit({ size, observations, actions }, targets) {
      const grower = createTreeGrower(shape, random);
      const rows = { x: observations, y: targets, inputs };
      const roots = new Int32Array(outputs * trees);
      for (let action = 0; action < outputs; action++) {
        const taken = Int32Array.from({ length: size }, (_, i) => i).filter((i) => actions[i] === action);
        for (let tree = 0; tree < trees; tree++) roots[action * trees + tree] = grower.grow(rows, taken);
      }
      forest = { nodes: grower.take(), roots, outputs };
    },

    arrays: {},
    stores: [
      {
        save: () => ({ "forest.nodes": forest.nodes.slice(), "forest.roots": forest.roots.slice() }),
        load: (arrays) => {
          const { "forest.nodes": nodes, "forest.roots": roots } = arrays;
          if (!(nodes instanceof Float32Array && roots instanceof Int32Array)) {
            throw new TypeError("fitted-q-iteration: cannot resume: the snapshot holds no forest.");
          }
          forest = { nodes: nodes.slice(), roots: roots.slice(), outputs };
        },
      },
    ],
  };
}

export interface NetworkOptions extends Pick<ActionValuesShape, "hidden" | "activation"> {
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly optimizerEpsilon: number;
}

/** One network for all actions, which goes on from what it was. */
export function networkRegressor<O extends Space, A extends Discrete>(
  kernel: Kernel,
  spaces: Spaces<O, A>,
  options: NetworkOptions,
  initial: Random,
  ordering: Random,
): QRegressor<O, A> {
  const { batchSize, epochs, learningRate } = options;
  const policy = createActionValues(kernel, spaces, { ...options, dueling: false }, batchSize, initial);
  const optimizer = adam(kernel, policy.parameters, policy.gradients, { epsilon: options.optimizerEpsilon });
  const { actions } = policy;
  const inputs = flatSize(spaces.observationSpace);
  const observations = kernel.float32(batchSize * inputs);
  const numbers = () => kernel.float32(batchSize);
  const [taken, wanted, values, dValues] = [numbers(), numbers(), numbers(), numbers()];
  const dOutputs = kernel.float32(batchSize * actions);
  let order = new Int32Array(0);

  return {
    policy,

    evaluate(rows, count, out) {
      for (let start = 0; start < count; start += batchSize) {
        const size = Math.min(batchSize, count - start);
        observations.set(rows.subarray(start * inputs, (start + size) * inputs));
        out.set(policy.forward(observations, size).subarray(0, size * actions), start * actions);
      }
    },

    fit(batch, targets) {
      order = order.length === batch.size ? order : new Int32Array(batch.size);
      for (let i = 0; i < batch.size; i++) order[i] = i;
      for (let epoch = 0; epoch < epochs; epoch++) {
        shuffle(order, ordering);
        for (let start = 0; start < batch.size; start += batchSize) {
          const size = Math.min(batchSize, batch.size - start);
          for (let i = 0; i < size; i++) {
            const row = order[start + i];
            for (let j = 0; j < inputs; j++) observations[i * inputs + j] = batch.observations[row * inputs + j];
            taken[i] = batch.actions[row];
            wanted[i] = targets[row];
          }
          takeActions(policy.forward(observations, size), taken, size, actions, 1, values);
          squaredError(values, wanted, size, dValues);
          placeActions(dValues, taken, size, actions, 1, dOutputs);
          policy.backward(dOutputs, size);
          const place = { algorithm: "fitted-q-iteration", steps: batch.size };
          descend(kernel, optimizer, policy.gradients, learningRate, 0, place);
        }
      }
    },

    arrays: { parameters: policy.parameters, ...optimizer.arrays },
    stores: [],
  };
}
