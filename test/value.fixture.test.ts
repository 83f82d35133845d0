import { describe, expect, test } from "vitest";
import { createDqnUpdate } from "../src/algorithm/dqn.ts";
import { box, discrete } from "../src/env/space.ts";
import { projectCategorical } from "../src/estimate/categorical-projection.ts";
import type { Activation, Kernel } from "../src/kernel/kernel.ts";
import { createRandom } from "../src/math/random.ts";
import { adam } from "../src/optimizer/adam.ts";
import { createActionValues } from "../src/policy/action-values.ts";
import type { Layer } from "../src/policy/policy.ts";
import type { Transitions } from "../src/rollout/transitions.ts";
import { algorithmFixture, expectClose, referenceKernel, wasmKernel } from "./fixture.ts";

interface DqnCase {
  /** As Gymnasium prints it. */
  readonly actionSpace: string;
  readonly hidden: readonly number[];
  readonly activation: string;
  readonly hyper: {
    readonly learning_rate: number;
    readonly gamma: number;
    readonly max_grad_norm: number;
    readonly optimizer: { readonly name: string; readonly eps: number; readonly betas: readonly [number, number] };
  };
  readonly gradientSteps: readonly Record<
    "observations" | "actions" | "next_observations" | "dones" | "rewards",
    readonly number[][]
  >[];
  readonly weightsBefore: Weights;
  readonly weightsAfter: Weights;
  /** Means over the gradient steps. */
  readonly logged: Readonly<Record<string, number>>;
}

/** torch's names; matrices are [out][in]. */
type Weights = Readonly<Record<string, readonly number[] | readonly number[][]>>;

const dqn = algorithmFixture<DqnCase>("dqn_update");
describe.skipIf(dqn.absent).each([
  ["reference", referenceKernel],
  ["wasm", wasmKernel],
] as const)("dqn_update.json, %s", (_, makeKernel) => {
  test.each(dqn.cases)("$actionSpace, $hyper", (item) => {
    const kernel = makeKernel();
    const { hyper, gradientSteps, logged } = item;
    const rows = gradientSteps[0].rewards.length;
    const policy = createActionValues(
      kernel,
      {
        observationSpace: box({ low: -Infinity, high: Infinity, shape: [gradientSteps[0].observations[0].length] }),
        actionSpace: discrete(Number(/^Discrete\((\d+)\)$/.exec(item.actionSpace)?.[1])),
      },
      { hidden: item.hidden, activation: activationOf(item.activation), dueling: false },
      rows,
      createRandom(0),
    );
    expect(hyper.optimizer.name).toBe("Adam");
    const [beta1, beta2] = hyper.optimizer.betas;
    const optimizer = adam(kernel, policy.parameters, policy.gradients, { beta1, beta2, epsilon: hyper.optimizer.eps });
    setWeights(policy.layers, item.weightsBefore, "q_net.q_net");
    const online = policy.parameters.slice();
    setWeights(policy.layers, item.weightsBefore, "q_net_target.q_net");
    policy.target.parameters.set(policy.parameters);
    policy.parameters.set(online);

    const update = createDqnUpdate(kernel, policy, optimizer, {
      batchSize: rows,
      maxGradientNorm: hyper.max_grad_norm,
    });
    const changes = gradientSteps.map((step, i) =>
      update(transitions(kernel, step, hyper.gamma), hyper.learning_rate, i),
    );

    expectWeights(policy.layers, item.weightsAfter, "q_net.q_net");
    const loss = changes.reduce((sum, change) => sum + change.loss, 0) / changes.length;
    expectClose([loss], [logged["train/loss"]], "train/loss", { relative: 1e-4 });
    expect(changes.length).toBe(logged["train/n_updates"]);
  });
});

interface ProjectionCase {
  readonly atoms: number;
  readonly vMin: number;
  readonly vMax: number;
  readonly gamma: number;
  readonly nextProbabilities: readonly number[][];
  readonly rewards: readonly number[];
  readonly terminated: readonly boolean[];
  readonly projected: readonly number[][];
}

const c51 = algorithmFixture<ProjectionCase>("c51_projection");
describe.skipIf(c51.absent)("c51_projection.json", () => {
  test.each(c51.cases)("$atoms atoms from $vMin to $vMax, γ = $gamma", (item) => {
    const { atoms, vMin: low, vMax: high, gamma, rewards, terminated } = item;
    const size = rewards.length;
    const projected = new Float32Array(size * atoms);
    const discounts = Float32Array.from(terminated, (isTerminated) => (isTerminated ? 0 : gamma));
    projectCategorical(
      { size, rewards: Float32Array.from(rewards), discounts },
      Float32Array.from(item.nextProbabilities.flat()),
      { low, high, atoms },
      projected,
    );
    expectClose(projected, item.projected.flat(), "projected");
  });
});

function transitions(kernel: Kernel, step: DqnCase["gradientSteps"][number], discount: number): Transitions {
  const size = step.rewards.length;
  const column = (values: readonly number[]) => {
    const array = kernel.float32(values.length);
    array.set(values);
    return array;
  };
  return {
    size,
    observations: column(step.observations.flat()),
    actions: column(step.actions.flat()),
    rewards: column(step.rewards.flat()),
    discounts: column(step.dones.flat().map((ended) => (ended ? 0 : discount))),
    nextObservations: column(step.next_observations.flat()),
    masks: null,
    nextMasks: null,
    weights: column(step.rewards.map(() => 1)),
    rows: kernel.int32(size),
    nextRows: kernel.int32(size),
  };
}

function activationOf(text: string): Activation {
  const name = /tanh|relu|elu/.exec(text.toLowerCase())?.[0];
  if (name === "tanh" || name === "relu" || name === "elu") return name;
  throw new Error(`unknown activation ${text}`);
}

/** torch's names of the layers of a Sequential that alternates with activations. */
function tensorsOf(weights: Weights, prefix: string, layer: number) {
  const [weight, bias] = ["weight", "bias"].map((kind) => weights[`${prefix}.${2 * layer}.${kind}`]);
  if (!weight || !bias) throw new Error(`the fixture has no layer ${prefix}.${2 * layer}`);
  return { weight: weight as readonly number[][], bias: bias as readonly number[] };
}

/** As our layers have it, [in][out]. */
function flat(weight: readonly number[][]): number[] {
  return weight[0].flatMap((_, input) => weight.map((row) => row[input]));
}

function setWeights(layers: readonly Layer[], weights: Weights, prefix: string): void {
  layers.forEach((layer, i) => {
    const { weight, bias } = tensorsOf(weights, prefix, i);
    layer.weights.set(flat(weight));
    layer.bias.set(bias);
  });
}

function expectWeights(layers: readonly Layer[], weights: Weights, prefix: string): void {
  layers.forEach((layer, i) => {
    const { weight, bias } = tensorsOf(weights, prefix, i);
    expectClose(layer.weights, flat(weight), `weights of layer ${i}`, { relative: 1e-4 });
    expectClose(layer.bias, bias, `bias of layer ${i}`, { relative: 1e-4 });
  });
}
