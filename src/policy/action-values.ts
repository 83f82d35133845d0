import type { Discrete, Space } from "../env/space.ts";
import { flatSize } from "../env/space.ts";
import type { Activation, Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import { fanInUniform } from "./fan-in-uniform.ts";
import type { Policy, ValueSupport } from "./policy.ts";
import { createValueNetwork, type ValueNetwork, valueParameterCount } from "./value-network.ts";

/** Q, greedy as a policy, and its target network Q̂. */
export interface ActionValues<O extends Space = Space, A extends Space = Space>
  extends Policy<O, A>,
    Pick<ValueNetwork, "forward" | "backward"> {
  readonly actions: number;
  /** dL/dθ, as `parameters` is laid out. */
  readonly gradients: Float32Array;
  /** Q̂: the same network with parameters of its own, [actions, atoms] outputs alike. */
  readonly target: Pick<ValueNetwork, "parameters" | "forward">;
}

/** What of a value network is a matter of choice. */
export interface ActionValuesShape {
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly dueling: boolean;
  /** Where a distribution of values is learned: its atoms. */
  readonly support?: ValueSupport;
}

/** Fresh action values, their target alike. No batch may exceed `maxBatch` rows. */
export function createActionValues<O extends Space, A extends Discrete>(
  kernel: Kernel,
  { observationSpace, actionSpace }: { readonly observationSpace: O; readonly actionSpace: A },
  { hidden, activation, dueling, support }: ActionValuesShape,
  maxBatch: number,
  random: Random,
): ActionValues<O, A> {
  const actions = actionSpace.n;
  const shape = {
    inputs: flatSize(observationSpace),
    hidden,
    activation,
    dueling,
    actions,
    atoms: support?.atoms ?? 1,
  };
  const count = valueParameterCount(shape);
  const gradients = kernel.float32(count);
  const network = createValueNetwork(kernel, shape, kernel.float32(count), gradients, maxBatch);
  const target = createValueNetwork(kernel, shape, kernel.float32(count), gradients, maxBatch);
  for (const layer of network.learned) fanInUniform(layer, random);
  target.parameters.set(network.parameters);

  return {
    observationSpace,
    actionSpace,
    distribution: support ? "value-distribution" : "action-values",
    get layers() {
      return network.layers;
    },
    logStd: null,
    ...(support && { support }),
    normalization: null,
    parameters: network.parameters,
    gradients,
    actions,
    forward: network.forward,
    backward: network.backward,
    target,
  };
}
