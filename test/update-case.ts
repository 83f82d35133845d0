import { expect } from "vitest";
import { box, discrete, multiBinary, multiDiscrete, type Space } from "../src/env/space.ts";
import type { Activation, Kernel } from "../src/kernel/kernel.ts";
import { createRandom } from "../src/math/random.ts";
import { adam } from "../src/optimizer/adam.ts";
import type { Optimizer } from "../src/optimizer/optimizer.ts";
import { rmsProp } from "../src/optimizer/rms-prop.ts";
import { sgd } from "../src/optimizer/sgd.ts";
import { type ActorCritic, createActorCritic, type Share } from "../src/policy/actor-critic.ts";
import type { Batch } from "../src/rollout/minibatches.ts";
import { expectClose } from "./fixture.ts";

/** One update by another library: what went in, and what came of it. */
export interface UpdateCase {
  readonly algorithm: string;
  /** As Gymnasium prints it. */
  readonly actionSpace: string;
  readonly hidden: readonly number[];
  /** As torch has it, in whatever print: "tanh", "Tanh()", "torch.nn.ReLU". */
  readonly activation: string;
  readonly hyper: {
    readonly n_epochs?: number;
    readonly batch_size?: number;
    readonly ent_coef?: number;
    readonly vf_coef?: number;
    readonly max_grad_norm?: number;
    readonly normalize_advantage?: boolean;
    readonly target_kl?: number | null;
    readonly clip_range?: number;
    readonly clip_range_vf?: number | null;
    readonly cg_max_steps?: number;
    readonly cg_damping?: number;
    readonly line_search_shrinking_factor?: number;
    readonly line_search_max_iter?: number;
    readonly n_critic_updates?: number;
    readonly learning_rate: number;
    readonly optimizer: {
      readonly name: string;
      readonly lr: number;
      readonly betas?: readonly [number, number];
      readonly eps?: number;
      readonly alpha?: number;
    };
  };
  readonly batch: Record<
    "observations" | "actions" | "oldLogProb" | "oldValues" | "advantages" | "returns",
    readonly number[][]
  >;
  readonly permutations: readonly number[][];
  readonly weightsBefore: Weights;
  readonly weightsAfter: Weights;
  readonly logged: Readonly<Record<string, number>>;
}

/** torch's names; matrices are [out][in]. */
type Weights = Readonly<Record<string, readonly number[] | readonly number[][]>>;

/** A policy with the weights from before, and the batch. */
export function prepare(kernel: Kernel, item: UpdateCase) {
  const rows = item.batch.observations.length;
  expect(item.hyper.optimizer.lr, "the optimizer's step size").toBe(item.hyper.learning_rate);
  for (const order of item.permutations) {
    expect(
      [...order].sort((a, b) => a - b),
      "each row once",
    ).toEqual(Array.from({ length: rows }, (_, i) => i));
  }
  const width = item.batch.observations[0].length;
  const policy = createActorCritic(
    kernel,
    {
      observationSpace: box({ low: -Infinity, high: Infinity, shape: [width] }),
      actionSpace: spaceOf(item.actionSpace),
    },
    { hidden: item.hidden, activation: activationOf(item.activation), sharedTrunk: false, initialLogStd: 0 },
    rows,
    createRandom(0),
  );
  for (const { name, index, view } of weightViews(policy))
    view[index] = numberAt(item.weightsBefore, name, index, view);
  const column = (values: readonly number[][]) => {
    const array = kernel.float32(values.flat().length);
    array.set(values.flat());
    return array;
  };
  const { observations, actions, oldLogProb, oldValues, advantages, returns } = item.batch;
  const batch: Batch = {
    size: rows,
    masks: null,
    observations: column(observations),
    actions: column(actions),
    logProbs: column(oldLogProb),
    values: column(oldValues),
    advantages: column(advantages),
    returns: column(returns),
  };
  return { kernel, policy, batch };
}

function spaceOf(text: string): Space {
  const numbers = (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  if (text.startsWith("Discrete")) return discrete(numbers[0]);
  if (text.startsWith("MultiDiscrete")) return multiDiscrete(numbers);
  if (text.startsWith("MultiBinary")) return multiBinary(numbers[0]);
  const shape = /\(([\d, ]+)\)/
    .exec(text.slice(4))?.[1]
    .split(",")
    .filter((size) => size.trim())
    .map(Number);
  if (text.startsWith("Box") && shape) return box({ low: -Infinity, high: Infinity, shape }); // an update knows no bounds
  throw new Error(`unknown action space ${text}`);
}

function activationOf(text: string): Activation {
  const name = /tanh|leaky|relu|elu|identity/.exec(text.toLowerCase())?.[0];
  if (name === "tanh" || name === "relu" || name === "elu" || name === "identity") return name;
  throw new Error(`unknown activation ${text}`);
}

/** The optimiser that the case names, over all of the parameters or some. */
export function optimizerOf(kernel: Kernel, { parameters, gradients }: Share, { hyper }: UpdateCase): Optimizer {
  const { name, eps = 1e-8, betas = [0.9, 0.999], alpha = 0.99 } = hyper.optimizer;
  switch (name.toLowerCase()) {
    case "adam":
      return adam(kernel, parameters, gradients, { beta1: betas[0], beta2: betas[1], epsilon: eps });
    case "rmsprop":
    case "rmsproptflike":
      return rmsProp(kernel, parameters, gradients, {
        decay: alpha,
        epsilon: eps,
        epsilonInside: name.toLowerCase().endsWith("like"),
      });
    case "sgd":
      return sgd(kernel, parameters, gradients);
    default:
      throw new Error(`unknown optimizer ${name}`);
  }
}

/** Every weight is what it was there after the update. */
export function expectWeights(policy: ActorCritic, weights: Weights): void {
  for (const { name, index, view } of weightViews(policy)) {
    const expected = numberAt(weights, name, index, view);
    expectClose([view[index]], [expected], `${name}[${index}] after the update`, { relative: 1e-4, absolute: 1e-5 });
  }
}

/** What was logged there and has a name here agrees. */
export function expectLogged(logged: Readonly<Record<string, number>>, ours: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(ours)) {
    if (name in logged) expectClose([value], [logged[name]], name, { relative: 1e-4, absolute: 1e-5 });
  }
}

/** Every parameter with torch's name for the tensor it stands in: all are compared. */
function* weightViews(policy: ActorCritic) {
  const depth = policy.layers.length - 1;
  let offset = policy.logStd?.length ?? 0;
  const named: { name: string; length: number }[] = policy.logStd ? [{ name: "log_std", length: offset }] : [];
  for (const [net, head] of [
    ["policy_net", "action_net"],
    ["value_net", "value_net"],
  ]) {
    for (let layer = 0; layer <= depth; layer++) {
      const { inputs, outputs } = policy.layers[layer];
      const width = layer === depth && net === "value_net" ? 1 : outputs;
      const prefix = layer === depth ? head : `mlp_extractor.${net}.${2 * layer}`;
      named.push({ name: `${prefix}.weight`, length: inputs * width }, { name: `${prefix}.bias`, length: width });
    }
  }
  offset = 0;
  for (const { name, length } of named) {
    const view = policy.parameters.subarray(offset, offset + length);
    for (let index = 0; index < length; index++) yield { name, index, view };
    offset += length;
  }
  expect(offset, "parameters that have a name").toBe(policy.parameters.length);
}

/** Our entry [input, output] is torch's [output][input]. */
function numberAt(weights: Weights, name: string, index: number, view: Float32Array): number {
  const tensor = weights[name];
  if (tensor === undefined) throw new Error(`the fixture has no tensor ${name}`);
  const first = tensor[0];
  if (typeof first === "number") return (tensor as readonly number[])[index];
  const outputs = tensor.length;
  expect(outputs * first.length, `size of ${name}`).toBe(view.length);
  return (tensor as readonly number[][])[index % outputs][Math.floor(index / outputs)];
}

export function meanExp(x: Float32Array): number {
  return x.reduce((sum, value) => sum + Math.exp(value), 0) / x.length;
}
