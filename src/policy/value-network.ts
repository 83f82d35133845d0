import type { Activation, Kernel } from "../kernel/kernel.ts";
import { foldDueling } from "./fold-dueling.ts";
import { createNetwork, type Network, type NetworkShape, parameterCount } from "./network.ts";
import type { Layer } from "./policy.ts";

/** From observations to numbers for each action: one, Q(s, a), or one for each atom of Z(s, a). */
export interface ValueNetwork {
  readonly parameters: Float32Array;
  /** What is learned: views of `parameters`. */
  readonly learned: readonly Layer[];
  /** The same as a plain row of layers; of a dueling network made anew at each reading. */
  readonly layers: readonly Layer[];
  /** [batch, actions, atoms] for x [batch, inputs]; overwritten by the next call. */
  forward(x: Float32Array, batch: number): Float32Array;
  /** From the outputs' slopes, which it overwrites, the gradient of every parameter. Follows a `forward` of the same rows. */
  backward(dOutputs: Float32Array, batch: number): void;
}

export interface ValueNetworkShape {
  readonly inputs: number;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** A stream for the state and one for the advantages of actions, each with the last of the hidden layers. */
  readonly dueling: boolean;
  readonly actions: number;
  /** Numbers per action. */
  readonly atoms: number;
}

/** Of all its layers. */
export function valueParameterCount(shape: ValueNetworkShape): number {
  return partsOf(shape).reduce((sum, part) => sum + parameterCount(part), 0);
}

/** `parameters` and `gradients` have `valueParameterCount(shape)` numbers; no batch may exceed `maxBatch` rows. */
export function createValueNetwork(
  kernel: Kernel,
  shape: ValueNetworkShape,
  parameters: Float32Array,
  gradients: Float32Array,
  maxBatch: number,
): ValueNetwork {
  let offset = 0;
  const networks = partsOf(shape).map((part) => {
    const [start, end] = [offset, offset + parameterCount(part)];
    offset = end;
    return createNetwork(kernel, part, parameters.subarray(start, end), gradients.subarray(start, end), maxBatch);
  });
  const learned = networks.flatMap(({ layers }) => layers);
  if (shape.dueling) return duelingNetwork(kernel, shape, { parameters, learned }, networks, maxBatch);
  const [{ forward, backward }] = networks;
  return { parameters, learned, layers: learned, forward, backward };
}

/**
 * Q(s, a) = V(s) + A(s, a) − mean A(s, ·), atom by atom: a trunk, on it a stream for V and one for A.
 * Wang et al. 2016, https://arxiv.org/abs/1511.06581, eq. 9.
 */
function duelingNetwork(
  kernel: Kernel,
  { actions, atoms, activation }: ValueNetworkShape,
  { parameters, learned }: Pick<ValueNetwork, "parameters" | "learned">,
  networks: readonly Network[],
  maxBatch: number,
): ValueNetwork {
  const trunk = networks.length > 2 ? networks[0] : null;
  const [value, advantage] = networks.slice(-2);
  const size = actions * atoms;
  const outputs = kernel.float32(maxBatch * size);
  const dValues = kernel.float32(maxBatch * atoms);
  const dTrunk = kernel.float32(trunk ? maxBatch * trunk.outputs : 0);

  return {
    parameters,
    learned,

    get layers() {
      const [valueHidden, valueLast] = value.layers;
      const [advantageHidden, advantageLast] = advantage.layers;
      const streams = { hidden: [valueHidden, advantageHidden], last: [valueLast, advantageLast] } as const;
      return [...(trunk?.layers ?? []), ...foldDueling(streams, activation)];
    },

    forward(x, batch) {
      const features = trunk ? trunk.forward(x, batch) : x;
      const values = value.forward(features, batch);
      const advantages = advantage.forward(features, batch);
      for (let row = 0; row < batch; row++) {
        for (let atom = 0; atom < atoms; atom++) {
          const first = row * size + atom;
          let sum = 0;
          for (let i = first; i < first + size; i += atoms) sum += advantages[i];
          const level = values[row * atoms + atom] - sum / actions;
          for (let i = first; i < first + size; i += atoms) outputs[i] = level + advantages[i];
        }
      }
      return outputs;
    },

    backward(dOutputs, batch) {
      for (let row = 0; row < batch; row++) {
        for (let atom = 0; atom < atoms; atom++) {
          const first = row * size + atom;
          let sum = 0;
          for (let i = first; i < first + size; i += atoms) sum += dOutputs[i];
          dValues[row * atoms + atom] = sum;
          for (let i = first; i < first + size; i += atoms) dOutputs[i] -= sum / actions;
        }
      }
      if (!trunk) {
        value.backward(dValues, batch);
        advantage.backward(dOutputs, batch);
        return;
      }
      value.backward(dValues, batch, { dx: dTrunk, activation: "identity", accumulate: false });
      advantage.backward(dOutputs, batch, { dx: dTrunk, activation: "identity", accumulate: true });
      trunk.backward(dTrunk, batch);
    },
  };
}

/** One network, or [trunk, value stream, advantage stream]; where there is but one hidden layer, no trunk. */
function partsOf({ inputs, hidden, activation, dueling, actions, atoms }: ValueNetworkShape): NetworkShape[] {
  if (!dueling) {
    return [{ sizes: [inputs, ...hidden, actions * atoms], activation, outputActivation: "identity" }];
  }
  const last = hidden.at(-1);
  if (last === undefined) throw new RangeError("createValueNetwork: a dueling network needs a hidden layer, got none.");
  const trunk = [inputs, ...hidden.slice(0, -1)];
  const stream = (outputs: number): NetworkShape => ({
    sizes: [trunk[trunk.length - 1], last, outputs],
    activation,
    outputActivation: "identity",
  });
  return [
    ...(trunk.length > 1 ? [{ sizes: trunk, activation, outputActivation: activation }] : []),
    stream(atoms),
    stream(actions * atoms),
  ];
}
