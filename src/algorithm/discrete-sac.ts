/**
 * Soft actor-critic for choices.
 * Christodoulou 2019, "Soft Actor-Critic for Discrete Action Settings", https://arxiv.org/abs/1910.07207, Algorithm 1.
 */
import type { Env, VectorEnv } from "../env/env.ts";
import type { Discrete, Space } from "../env/space.ts";
import { bootstrappedTargets } from "../estimate/bootstrapped-targets.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { meanOfFirst } from "../math/mean-of-first.ts";
import type { Random } from "../math/random.ts";
import { exp, log } from "../math/transcendental.ts";
import { softPolicySlope, softValues } from "../objective/soft-value.ts";
import { squaredError } from "../objective/squared-error.ts";
import { temperatureLoss } from "../objective/temperature-loss.ts";
import { adam } from "../optimizer/adam.ts";
import { categorical } from "../policy/distribution/categorical.ts";
import { fanInUniform } from "../policy/fan-in-uniform.ts";
import { createNetwork, type NetworkShape, parameterCount } from "../policy/network.ts";
import { createNetworkArray, smallestOutputs } from "../policy/network-array.ts";
import { createParts } from "../policy/parts.ts";
import type { Policy } from "../policy/policy.ts";
import type { Transitions } from "../rollout/transitions.ts";
import { actionValueMetrics } from "./action-value-metrics.ts";
import type { Report, Session } from "./algorithm.ts";
import { finite, flag, positive, type Rules, resolveConfig, unitInterval } from "./config.ts";
import { descend } from "./descend.ts";
import { prepareOffPolicy } from "./off-policy.ts";
import { offPolicyDefaults, offPolicyRules } from "./off-policy-options.ts";
import { createReports } from "./off-policy-reports.ts";
import { prefixed, restoreSnapshot } from "./state.ts";

/** Those of SAC, with the paper's target for the entropy. */
export const discreteSacDefaults = {
  ...offPolicyDefaults,
  /** τ: how far the target critics move towards the critics after each gradient step. */
  tau: 0.005,
  /** α at the start, or throughout where it is not learned. */
  initialTemperature: 1,
  /** Learn α, so that the entropy comes to the target H̄. */
  learnTemperature: true,
  /** H̄ = scale · log n, the share of the entropy that even chances of n actions have. */
  targetEntropyScale: 0.98,
  hidden: [256, 256] as readonly number[],
};

export type DiscreteSacConfig = typeof discreteSacDefaults;

const rules: Rules<DiscreteSacConfig> = {
  ...offPolicyRules,
  tau: unitInterval,
  initialTemperature: positive,
  learnTemperature: flag,
  targetEntropyScale: finite,
};

const averaged = [
  "policyLoss",
  "valueLoss",
  "entropy",
  "actionValue",
  "temporalDifference",
  "temperature",
  "gradientNorm",
] as const;

/** Yields every `reportEvery` steps. Takes Discrete actions; a forbidden one has chance 0. */
export async function* discreteSac<O extends Space, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<DiscreteSacConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("discrete-sac", discreteSacDefaults, options, rules);
  const needs = { kind: "discrete", networks: 5, outputs: 1 } as const;
  const learner = prepareOffPolicy("discrete-sac", makeEnv, config, needs, session);
  const { kernel, envs, acting, progress, totalSteps } = learner;
  const { numEnvs: N, batchSize } = config;
  const { observationSpace, actionSpace, observationSize } = envs;
  const { n } = actionSpace;
  const initial = learner.random.split();
  const sizes = { observationSize, actions: n };
  const networks = createDiscreteSacNetworks(kernel, sizes, config, Math.max(batchSize, N), initial);
  const { actor, optimizers } = networks;
  const update = createDiscreteSacUpdate(kernel, networks, {
    ...config,
    targetEntropy: config.targetEntropyScale * log(n),
  });

  const parameters = networks.parameters.whole;
  const policy: Policy<O, A> = {
    observationSpace,
    actionSpace,
    distribution: "categorical",
    layers: actor.layers,
    logStd: null,
    normalization: null,
    parameters,
  };
  const choices = categorical(kernel, [n], N);
  const logProbs = kernel.float32(N);
  const state = {
    arrays: { parameters, ...prefixed(optimizers) },
    parts: learner.parts,
    stores: learner.stores,
  };
  if (session.resume) restoreSnapshot("discrete-sac", state, session.resume);
  learner.begin(session.resume !== undefined);

  const reports = createReports(learner, policy, state, averaged);
  while (progress.steps < totalSteps) {
    // aₜ ~ π(·|sₜ), sₜ₊₁ ~ p(·|sₜ, aₜ), D ← D ∪ {(sₜ, aₜ, rₜ, sₜ₊₁)}
    learner.interact((observations, masks, actions) => {
      choices.sample(actor.forward(observations, N), masks, N, acting, actions, logProbs);
    });

    for (let left = learner.gradientSteps(); left > 0; left--) {
      reports.note(update(learner.sample(), learner.learningRate(), progress.steps));
    }

    if (learner.isReportDue()) yield reports.next();
  }
}

type DiscreteSacNetworks = ReturnType<typeof createDiscreteSacNetworks>;

/** What is learned, in one flat array: π(·|s), Q₁(s, ·) and Q₂(s, ·), log α, then the targets Q̄₁ and Q̄₂. */
export function createDiscreteSacNetworks(
  kernel: Kernel,
  { observationSize, actions }: Pick<VectorEnv, "observationSize"> & { readonly actions: number },
  config: Pick<DiscreteSacConfig, "hidden" | "activation" | "initialTemperature" | "optimizerEpsilon">,
  maxBatch: number,
  random: Random,
) {
  const { hidden, activation } = config;
  const shape: NetworkShape = {
    sizes: [observationSize, ...hidden, actions],
    activation,
    outputActivation: "identity",
  };
  const count = parameterCount(shape);
  const learned = { actor: count, critics: 2 * count, logTemperature: 1 };
  const parameters = createParts(kernel, { ...learned, targets: 2 * count });
  const gradients = createParts(kernel, { ...learned, targets: 0 });
  const optimizer = (name: keyof typeof learned) =>
    adam(kernel, parameters.part[name], gradients.part[name], { epsilon: config.optimizerEpsilon });
  const critics = (name: "critics" | "targets") =>
    createNetworkArray(kernel, shape, parameters.part[name], gradients.part[name], maxBatch);

  const networks = {
    parameters,
    gradients,
    actor: createNetwork(kernel, shape, parameters.part.actor, gradients.part.actor, maxBatch),
    critics: critics("critics"),
    targets: critics("targets"),
    optimizers: {
      actor: optimizer("actor"),
      critics: optimizer("critics"),
      logTemperature: optimizer("logTemperature"),
    },
  };
  for (const network of [networks.actor, ...networks.critics]) {
    for (const layer of network.layers) fanInUniform(layer, random);
  }
  parameters.part.targets.set(parameters.part.critics);
  parameters.part.logTemperature[0] = log(config.initialTemperature);
  return networks;
}

type UpdateConfig = Pick<
  DiscreteSacConfig,
  "batchSize" | "tau" | "maxGradientNorm" | "initialTemperature" | "learnTemperature"
> & {
  /** H̄ */
  readonly targetEntropy: number;
};

/** Of one gradient step, from before it. */
export type DiscreteSacChanges = Record<(typeof averaged)[number], number>;

/** A gradient step on everything, in the order of Algorithm 1. */
export function createDiscreteSacUpdate(
  kernel: Kernel,
  { parameters, gradients, actor, critics, targets, optimizers }: DiscreteSacNetworks,
  config: UpdateConfig,
): (batch: Transitions, learningRate: number, steps: number) => DiscreteSacChanges {
  const { batchSize, maxGradientNorm } = config;
  const actions = actor.outputs;
  const groups = kernel.int32(1).fill(actions);
  const numbers = () => kernel.float32(batchSize);
  const table = () => kernel.float32(batchSize * actions);
  const [values, y, entropies, slopes, unused] = [numbers(), numbers(), numbers(), numbers(), numbers()];
  const [logProbs, smallest, dLogits, dTable] = [table(), table(), table(), table()];
  const chosen = critics.map(numbers);

  /** log π(·|s) into `logProbs`, and the entropies. */
  function choose(observations: Float32Array, masks: Uint8Array | null, rows: number): void {
    const logits = actor.forward(observations, rows);
    kernel.categoricalForward(logits, masks, groups, unused, rows, logProbs, values, entropies);
  }

  return (batch, learningRate, steps) => {
    const { size: rows, observations, nextObservations } = batch;
    const place = { algorithm: "discrete-sac", steps };
    const size = { rows, actions };
    const [logTemperature] = parameters.part.logTemperature;
    const temperature = config.learnTemperature ? exp(logTemperature) : config.initialTemperature;

    // y = r + γ π(s′)ᵀ (min Q̄ᵢ(s′) − α log π(s′))
    choose(nextObservations, batch.nextMasks, rows);
    const nextTables = targets.map((target) => target.forward(nextObservations, rows));
    smallestOutputs(nextTables, rows * actions, smallest);
    softValues(logProbs, smallest, temperature, size, values);
    bootstrappedTargets(batch, values, y);

    // θᵢ ← θᵢ − λ ∇ J_Q(θᵢ), the mean of ½ (Qᵢ(s, a) − y)²
    let valueLoss = 0;
    for (let k = 0; k < critics.length; k++) {
      const qs = critics[k].forward(observations, rows);
      for (let i = 0; i < rows; i++) chosen[k][i] = qs[i * actions + batch.actions[i]];
      valueLoss += squaredError(chosen[k], y, rows, slopes) / critics.length;
      dTable.fill(0, 0, rows * actions);
      for (let i = 0; i < rows; i++) dTable[i * actions + batch.actions[i]] = 0.5 * slopes[i];
      critics[k].backward(dTable, rows);
    }
    const fit = actionValueMetrics(chosen, y, rows);
    const criticNorm = descend(
      kernel,
      optimizers.critics,
      gradients.part.critics,
      learningRate,
      maxGradientNorm,
      place,
    );

    // φ ← φ − λ ∇ J_π(φ), the mean of π(s)ᵀ (α log π(s) − min Qᵢ(s))
    choose(observations, batch.masks, rows);
    const tables = critics.map((critic) => critic.forward(observations, rows));
    smallestOutputs(tables, rows * actions, smallest);
    softValues(logProbs, smallest, temperature, size, values);
    softPolicySlope(logProbs, smallest, values, temperature, size, dLogits);
    actor.backward(dLogits, rows);
    const actorNorm = descend(kernel, optimizers.actor, gradients.part.actor, learningRate, maxGradientNorm, place);

    // α ← α − λ ∇ J(α), from π(s)ᵀ (−α (log π(s) + H̄))
    const entropy = meanOfFirst(entropies, rows);
    if (config.learnTemperature) {
      gradients.part.logTemperature[0] = temperatureLoss(logTemperature, -entropy, config.targetEntropy).slope;
      optimizers.logTemperature.step(learningRate, 1);
    }

    // θ̄ᵢ ← τ θᵢ + (1 − τ) θ̄ᵢ
    kernel.polyak(parameters.part.targets, parameters.part.critics, config.tau);

    return {
      policyLoss: -meanOfFirst(values, rows),
      valueLoss,
      entropy,
      ...fit,
      temperature,
      gradientNorm: Math.sqrt(criticNorm * criticNorm + actorNorm * actorNorm),
    };
  };
}
