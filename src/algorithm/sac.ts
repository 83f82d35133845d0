/**
 * Soft actor-critic, with a learned temperature.
 * Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and Applications", https://arxiv.org/abs/1812.05905, Algorithm 1.
 */
import type { Env, VectorEnv } from "../env/env.ts";
import type { Box, Space } from "../env/space.ts";
import { bootstrappedTargets } from "../estimate/bootstrapped-targets.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { meanOfFirst } from "../math/mean-of-first.ts";
import type { Random } from "../math/random.ts";
import { exp, log } from "../math/transcendental.ts";
import { squaredError } from "../objective/squared-error.ts";
import { temperatureLoss } from "../objective/temperature-loss.ts";
import { adam } from "../optimizer/adam.ts";
import { actionCriticShape, createActionCritic } from "../policy/action-critic.ts";
import { fanInUniform } from "../policy/fan-in-uniform.ts";
import { parameterCount } from "../policy/network.ts";
import { smallestOutputs } from "../policy/network-array.ts";
import { createParts } from "../policy/parts.ts";
import type { Policy } from "../policy/policy.ts";
import {
  createSquashedGaussianActor,
  fillWithNormals,
  squashedGaussianShape,
} from "../policy/squashed-gaussian-actor.ts";
import type { Transitions } from "../rollout/transitions.ts";
import { actionValueMetrics } from "./action-value-metrics.ts";
import type { Report, Session } from "./algorithm.ts";
import { finite, flag, positive, type Rules, resolveConfig, shareBelowOne, unitInterval } from "./config.ts";
import { descend } from "./descend.ts";
import { prepareOffPolicy } from "./off-policy.ts";
import { offPolicyDefaults, offPolicyRules } from "./off-policy-options.ts";
import { createReports } from "./off-policy-reports.ts";
import { prefixed, restoreSnapshot } from "./state.ts";

/** Stable-Baselines3's defaults. The paper's symbol comes first. */
export const sacDefaults = {
  ...offPolicyDefaults,
  /** τ: how far the target critics move towards the critics after each gradient step. */
  tau: 0.005,
  /** α at the start, or throughout where it is not learned. */
  initialTemperature: 1,
  /** Learn α, so that the entropy comes to the target H̄. */
  learnTemperature: true,
  /** H̄ = −scale · dim(A), of the entropy in nats before the Box stretches the action. */
  targetEntropyScale: 1,
  /** ρ: how alike the noise of successive actions is, from 0, not at all, to below 1. Each by itself stays normal. */
  noiseCorrelation: 0,
  hidden: [256, 256] as readonly number[],
};

export type SacConfig = typeof sacDefaults;

const rules: Rules<SacConfig> = {
  ...offPolicyRules,
  tau: unitInterval,
  initialTemperature: positive,
  learnTemperature: flag,
  targetEntropyScale: finite,
  noiseCorrelation: shareBelowOne,
};

/** Yields every `reportEvery` steps. Takes Box actions with both bounds. */
export async function* sac<O extends Space, A extends Box>(
  makeEnv: () => Env<O, A>,
  options: Partial<SacConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("sac", sacDefaults, options, rules);
  const needs = { kind: "box", networks: 5, outputs: 2 } as const;
  const learner = prepareOffPolicy("sac", makeEnv, config, needs, session);
  const { kernel, envs, acting, progress, totalSteps } = learner;
  const [initial, imagining] = [learner.random.split(), learner.random.split()];
  const rows = Math.max(config.batchSize, config.numEnvs);
  const networks = createSacNetworks(kernel, envs, config, rows, initial);
  const { actor, optimizers } = networks;
  const update = createSacUpdate(kernel, networks, {
    ...config,
    targetEntropy: -config.targetEntropyScale * envs.actionSize,
  });

  const policy: Policy<O, A> = {
    observationSpace: envs.observationSpace,
    actionSpace: envs.actionSpace,
    distribution: "squashed-gaussian",
    layers: actor.network.layers,
    logStd: null,
    normalization: null,
    parameters: networks.parameters.whole,
  };

  const numbers = (rows: number) => kernel.float32(rows * envs.actionSize);
  const exploration = { noise: numbers(config.numEnvs), logProbs: kernel.float32(config.numEnvs) };
  const noise = { now: numbers(config.batchSize), next: numbers(config.batchSize) };
  const state = {
    arrays: { parameters: policy.parameters, ...prefixed(optimizers), noise: exploration.noise },
    parts: { ...learner.parts, imagining },
    stores: learner.stores,
  };
  if (session.resume) restoreSnapshot("sac", state, session.resume);
  learner.begin(session.resume !== undefined);

  const reports = createReports(learner, policy, state, sacMetrics);
  while (progress.steps < totalSteps) {
    // aₜ ~ π(·|sₜ), sₜ₊₁ ~ p(·|sₜ, aₜ), D ← D ∪ {(sₜ, aₜ, rₜ, sₜ₊₁)}
    learner.interact((observations, _masks, actions) => {
      fillWithNormals(exploration.noise, acting, config.noiseCorrelation);
      actor.sample(observations, exploration.noise, config.numEnvs, { actions, logProbs: exploration.logProbs });
    });

    for (let left = learner.gradientSteps(); left > 0; left--) {
      fillWithNormals(noise.now, imagining);
      fillWithNormals(noise.next, imagining);
      reports.note(update(learner.sample(), noise, learner.learningRate(), progress.steps));
    }

    if (learner.isReportDue()) yield reports.next();
  }
}

const sacMetrics = [
  "policyLoss",
  "valueLoss",
  "entropy",
  "actionValue",
  "temporalDifference",
  "temperature",
  "gradientNorm",
] as const;

/** Of one gradient step, from before it. */
export type SacChanges = Record<(typeof sacMetrics)[number] | "temperatureLoss", number>;

export type SacNetworks = ReturnType<typeof createSacNetworks>;

/** What SAC learns, in one flat array: π, Q₁ and Q₂, their targets Q̄₁ and Q̄₂, and log α. */
export function createSacNetworks(
  kernel: Kernel,
  { observationSize, actionSize }: Pick<VectorEnv, "observationSize" | "actionSize">,
  config: Pick<SacConfig, "hidden" | "activation" | "initialTemperature" | "optimizerEpsilon">,
  maxBatch: number,
  random: Random,
) {
  const actorShape = squashedGaussianShape(observationSize, actionSize, config);
  const criticShape = actionCriticShape(observationSize, actionSize, config);
  const learned = { actor: parameterCount(actorShape), critics: 2 * parameterCount(criticShape), logTemperature: 1 };
  const parameters = createParts(kernel, { ...learned, targets: learned.critics });
  const gradients = createParts(kernel, { ...learned, targets: 0 });
  const optimizer = (name: keyof typeof learned) =>
    adam(kernel, parameters.part[name], gradients.part[name], { epsilon: config.optimizerEpsilon });
  const critic = (name: "critics" | "targets") =>
    createActionCritic(kernel, criticShape, actionSize, parameters.part[name], gradients.part[name], maxBatch);

  const actor = createSquashedGaussianActor(kernel, actorShape, parameters.part.actor, gradients.part.actor, maxBatch);
  const networks = {
    parameters,
    gradients,
    actor,
    critics: critic("critics"),
    targets: critic("targets"),
    optimizers: {
      actor: optimizer("actor"),
      critics: optimizer("critics"),
      logTemperature: optimizer("logTemperature"),
    },
  };
  for (const network of [actor.network, ...networks.critics.networks]) {
    for (const layer of network.layers) fanInUniform(layer, random);
  }
  parameters.part.targets.set(parameters.part.critics);
  parameters.part.logTemperature[0] = log(config.initialTemperature);
  return networks;
}

/** The ε of a = f(ε; s), standard normal, [M, actionSize]: for the action at s and for the one at s′. */
export interface SacNoise {
  readonly now: Float32Array;
  readonly next: Float32Array;
}

type SacUpdateConfig = Pick<
  SacConfig,
  "batchSize" | "tau" | "maxGradientNorm" | "initialTemperature" | "learnTemperature"
> & {
  /** H̄ */
  readonly targetEntropy: number;
};

/** A gradient step on everything, in the order of Algorithm 1. */
export function createSacUpdate(
  kernel: Kernel,
  { parameters, gradients, actor, critics, targets, optimizers }: SacNetworks,
  config: SacUpdateConfig,
): (batch: Transitions, noise: SacNoise, learningRate: number, steps: number) => SacChanges {
  const { batchSize, maxGradientNorm } = config;
  const actionSize = actor.network.outputs / 2;
  const numbers = () => kernel.float32(batchSize);
  const actions = () => kernel.float32(batchSize * actionSize);
  const draw = { actions: actions(), logProbs: numbers() };
  const nextDraw = { actions: actions(), logProbs: numbers() };
  const [smallest, y, dLogProbs, dActions] = [numbers(), numbers(), numbers(), actions()];
  const dValues = critics.networks.map(numbers);

  return (batch, noise, learningRate, steps) => {
    const { size: n, observations, nextObservations } = batch;
    const place = { algorithm: "sac", steps };
    const [logTemperature] = parameters.part.logTemperature;
    const temperature = config.learnTemperature ? exp(logTemperature) : config.initialTemperature;

    // y = r + γ (min Q̄ᵢ(s′, a′) − α log π(a′|s′)), a′ ~ π(·|s′)
    actor.sample(nextObservations, noise.next, n, nextDraw);
    smallestOutputs(targets.evaluate(nextObservations, nextDraw.actions, n), n, smallest);
    for (let i = 0; i < n; i++) smallest[i] -= temperature * nextDraw.logProbs[i];
    bootstrappedTargets(batch, smallest, y);

    // θᵢ ← θᵢ − λ ∇ J_Q(θᵢ), the mean of ½ (Qᵢ(s, a) − y)²
    const values = critics.evaluate(observations, batch.actions, n);
    let valueLoss = 0;
    for (let i = 0; i < values.length; i++) valueLoss += squaredError(values[i], y, n, dValues[i]) / values.length;
    const fit = actionValueMetrics(values, y, n);
    for (const slopes of dValues) kernel.scale(slopes, 0.5);
    critics.backward(dValues, n);
    const criticNorm = descend(
      kernel,
      optimizers.critics,
      gradients.part.critics,
      learningRate,
      maxGradientNorm,
      place,
    );

    // φ ← φ − λ ∇ J_π(φ), the mean of α log π(a|s) − min Qᵢ(s, a), a = f(ε; s)
    actor.sample(observations, noise.now, n, draw);
    smallestOutputs(critics.evaluate(observations, draw.actions, n), n, smallest);
    critics.backwardActions(-1 / n, n, dActions);
    dLogProbs.fill(temperature / n, 0, n);
    actor.backward(dActions, dLogProbs, n);
    const actorNorm = descend(kernel, optimizers.actor, gradients.part.actor, learningRate, maxGradientNorm, place);

    // α ← α − λ ∇ J(α)
    const meanLogProb = meanOfFirst(draw.logProbs, n);
    const loss = temperatureLoss(logTemperature, meanLogProb, config.targetEntropy);
    if (config.learnTemperature) {
      gradients.part.logTemperature[0] = loss.slope;
      optimizers.logTemperature.step(learningRate, 1);
    }

    // θ̄ᵢ ← τ θᵢ + (1 − τ) θ̄ᵢ
    kernel.polyak(parameters.part.targets, parameters.part.critics, config.tau);

    return {
      policyLoss: temperature * meanLogProb - meanOfFirst(smallest, n),
      valueLoss,
      temperatureLoss: loss.value,
      entropy: -meanLogProb,
      ...fit,
      temperature,
      gradientNorm: Math.sqrt(criticNorm * criticNorm + actorNorm * actorNorm),
    };
  };
}
