import type { Activation, Kernel } from "../kernel/kernel.ts";
import type { Network, NetworkShape } from "./network.ts";
import { createNetworkArray } from "./network-array.ts";

/** Qᵢ(s, a): networks of equal shape that see observation and action side by side, one behind the other in a flat array. */
export interface ActionCritic {
  readonly networks: readonly Network[];
  /** Qᵢ(s, a) of the first `count` networks, all unless told, [batch] each; views that the next call overwrites. */
  evaluate(observations: Float32Array, actions: Float32Array, batch: number, count?: number): readonly Float32Array[];
  /** From the slopes at all values, which it overwrites, to every network's gradients. */
  backward(dValues: readonly Float32Array[], batch: number): void;
  /** ∂/∂a of Σ slope · min Qᵢ over the networks last evaluated, [batch, actionSize]: only the smallest of a row has a slope. */
  backwardActions(slope: number, batch: number, dActions: Float32Array): void;
}

export function actionCriticShape(
  observationSize: number,
  actionSize: number,
  { hidden, activation }: { readonly hidden: readonly number[]; readonly activation: Activation },
): NetworkShape {
  return { sizes: [observationSize + actionSize, ...hidden, 1], activation, outputActivation: "identity" };
}

/** As many critics as `parameters` holds; `gradients` is as long, or empty where nothing is learned. */
export function createActionCritic(
  kernel: Kernel,
  shape: NetworkShape,
  actionSize: number,
  parameters: Float32Array,
  gradients: Float32Array,
  maxBatch: number,
): ActionCritic {
  const networks = createNetworkArray(kernel, shape, parameters, gradients, maxBatch);
  const inputs = shape.sizes[0];
  const from = inputs - actionSize;
  const joined = kernel.float32(maxBatch * inputs);
  const rows = kernel.int32(maxBatch);
  const dValues = kernel.float32(maxBatch);
  const dPacked = kernel.float32(maxBatch * actionSize);
  let values: readonly Float32Array[] = [];

  /** [s | a] */
  function join(observations: Float32Array, actions: Float32Array, batch: number): void {
    for (let row = 0; row < batch; row++) {
      for (let i = 0; i < from; i++) joined[row * inputs + i] = observations[row * from + i];
      for (let i = 0; i < actionSize; i++) joined[row * inputs + from + i] = actions[row * actionSize + i];
    }
  }

  /** Rows of which network k has the smallest value; of equals, the first network's. */
  function rowsOf(k: number, batch: number): number {
    let count = 0;
    for (let row = 0; row < batch; row++) if (smallestOf(values, row) === k) rows[count++] = row;
    return count;
  }

  return {
    networks,

    evaluate(observations, actions, batch, count = networks.length) {
      join(observations, actions, batch);
      values = networks.slice(0, count).map((network) => network.forward(joined, batch));
      return values;
    },

    backward(slopes, batch) {
      for (let k = 0; k < networks.length; k++) networks[k].backward(slopes[k], batch);
    },

    backwardActions(slope, batch, dActions) {
      for (let k = 0; k < values.length; k++) {
        const count = rowsOf(k, batch);
        if (count === 0) continue;
        dValues.fill(slope, 0, count);
        networks[k].backwardInput(
          dValues,
          count,
          { dx: dPacked, activation: "identity", accumulate: false, from },
          rows,
        );
        for (let i = 0; i < count; i++) {
          for (let j = 0; j < actionSize; j++) dActions[rows[i] * actionSize + j] = dPacked[i * actionSize + j];
        }
      }
    },
  };
}

function smallestOf(values: readonly Float32Array[], row: number): number {
  let smallest = 0;
  for (let k = 1; k < values.length; k++) if (values[k][row] < values[smallest][row]) smallest = k;
  return smallest;
}
