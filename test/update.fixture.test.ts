import { describe, expect, test } from "vitest";
import { a2cDefaults, createA2cUpdate } from "../src/algorithm/a2c.ts";
import { createPpoUpdate, ppoDefaults } from "../src/algorithm/ppo.ts";
import { box, discrete, multiBinary, multiDiscrete, type Space } from "../src/env/space.ts";
import { explainedVariance } from "../src/estimate/explained-variance.ts";
import type { Activation, Kernel } from "../src/kernel/kernel.ts";
import { createRandom } from "../src/math/random.ts";
import { adam } from "../src/optimizer/adam.ts";
import type { Optimizer } from "../src/optimizer/optimizer.ts";
import { rmsProp } from "../src/optimizer/rms-prop.ts";
import { sgd } from "../src/optimizer/sgd.ts";
import { type ActorCritic, createActorCritic } from "../src/policy/actor-critic.ts";
import { type Batch, createMinibatches } from "../src/rollout/minibatches.ts";
import { algorithmFixture, expectClose, referenceKernel, wasmKernel } from "./fixture.ts";

interface UpdateCase {
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

for (const makeKernel of [referenceKernel, wasmKernel]) {
  const ppo = algorithmFixture<UpdateCase>("ppo_update");
  describe.skipIf(ppo.absent)(`ppo_update.json, ${makeKernel.name}`, () => {
    test.each(ppo.cases)("$actionSpace, $hyper", (item) => {
      const { kernel, policy, optimizer, batch } = prepare(makeKernel(), item);
      const { hyper, permutations, logged } = item;
      const minibatches = createMinibatches(kernel, batch, hyper.batch_size ?? ppoDefaults.batchSize);
      const update = createPpoUpdate(kernel, policy, optimizer, minibatches, {
        ...ppoDefaults,
        epochs: hyper.n_epochs ?? ppoDefaults.epochs,
        batchSize: hyper.batch_size ?? ppoDefaults.batchSize,
        valueClipRange: hyper.clip_range_vf ?? 0,
        targetKl: hyper.target_kl ?? 0,
        normalizeAdvantages: hyper.normalize_advantage ?? true,
        valueCoefficient: hyper.vf_coef ?? 0.5,
        entropyCoefficient: hyper.ent_coef ?? 0,
        maxGradientNorm: hyper.max_grad_norm ?? 0.5,
      });
      let epoch = 0;
      const clipRange = logged["train/clip_range"] ?? hyper.clip_range ?? ppoDefaults.clipRange;
      const changes = update({ learningRate: hyper.learning_rate, clipRange, klCoefficient: 0, steps: 0 }, (order) =>
        order.set(permutations[epoch++]),
      );
      expect(epoch, "epochs begun").toBe(permutations.length);
      expectWeights(policy, item.weightsAfter);
      expectLogged(logged, {
        "train/clip_range": hyper.clip_range ?? clipRange,
        "train/clip_range_vf": hyper.clip_range_vf ?? 0,
        "train/loss": changes.loss,
        "train/n_updates": epoch,
        "train/learning_rate": hyper.learning_rate,
        "train/policy_gradient_loss": changes.policyLoss,
        "train/value_loss": changes.valueLoss,
        "train/entropy_loss": -changes.entropy,
        "train/approx_kl": changes.kl,
        "train/clip_fraction": changes.clippedFraction,
        "train/explained_variance": explainedVariance(batch.values, batch.returns, batch.size),
        ...(policy.logStd && { "train/std": meanExp(policy.logStd) }),
      });
    });
  });

  const a2c = algorithmFixture<UpdateCase>("a2c_update");
  describe.skipIf(a2c.absent)(`a2c_update.json, ${makeKernel.name}`, () => {
    test.each(a2c.cases)("$actionSpace, $hyper", (item) => {
      const { kernel, policy, optimizer, batch } = prepare(makeKernel(), item);
      const { hyper, logged } = item;
      const explained = explainedVariance(batch.values, batch.returns, batch.size);
      const update = createA2cUpdate(kernel, policy, optimizer, batch, {
        normalizeAdvantages: hyper.normalize_advantage ?? a2cDefaults.normalizeAdvantages,
        valueCoefficient: hyper.vf_coef ?? a2cDefaults.valueCoefficient,
        entropyCoefficient: hyper.ent_coef ?? a2cDefaults.entropyCoefficient,
        maxGradientNorm: hyper.max_grad_norm ?? a2cDefaults.maxGradientNorm,
      });
      const changes = update(hyper.learning_rate, 0);
      expectWeights(policy, item.weightsAfter);
      expectLogged(logged, {
        "train/n_updates": 1,
        "train/learning_rate": hyper.learning_rate,
        "train/policy_loss": changes.policyLoss,
        "train/value_loss": changes.valueLoss,
        "train/entropy_loss": -changes.entropy,
        "train/explained_variance": explained,
        ...(policy.logStd && { "train/std": meanExp(policy.logStd) }),
      });
    });
  });
}

function prepare(kernel: Kernel, item: UpdateCase) {
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
  return { kernel, policy, optimizer: optimizerOf(kernel, policy, item), batch };
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

function optimizerOf(kernel: Kernel, { parameters, gradients }: ActorCritic, { hyper }: UpdateCase): Optimizer {
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

function expectWeights(policy: ActorCritic, weights: Weights): void {
  for (const { name, index, view } of weightViews(policy)) {
    const expected = numberAt(weights, name, index, view);
    expectClose([view[index]], [expected], `${name}[${index}] after the update`, { relative: 1e-4, absolute: 1e-5 });
  }
}

function expectLogged(logged: Readonly<Record<string, number>>, ours: Readonly<Record<string, number>>): void {
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

function meanExp(x: Float32Array): number {
  return x.reduce((sum, value) => sum + Math.exp(value), 0) / x.length;
}
