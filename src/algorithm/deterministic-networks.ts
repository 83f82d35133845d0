import type { VectorEnv } from "../env/env.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import { adam } from "../optimizer/adam.ts";
import { actionCriticShape, createActionCritic } from "../policy/action-critic.ts";
import { fanInUniform } from "../policy/fan-in-uniform.ts";
import { createNetwork, type NetworkShape, parameterCount } from "../policy/network.ts";
import { createParts } from "../policy/parts.ts";
import { nonNegative, type Rules, unitInterval } from "./config.ts";
import { offPolicyDefaults, offPolicyRules } from "./off-policy-options.ts";

/** What DDPG and TD3 have in common; Stable-Baselines3's defaults. */
export const deterministicDefaults = {
  ...offPolicyDefaults,
  learningRate: 1e-3,
  /** τ: how far the target networks move towards the networks at each of their updates. */
  tau: 0.005,
  /** σ of the normal noise added to every action, which is between −1 and 1. */
  explorationNoise: 0.1,
  hidden: [400, 300] as readonly number[],
};

export type DeterministicConfig = typeof deterministicDefaults;

export const deterministicRules: Rules<DeterministicConfig> = {
  ...offPolicyRules,
  tau: unitInterval,
  explorationNoise: nonNegative,
};

export type DeterministicNetworks = ReturnType<typeof createDeterministicNetworks>;

/** What DDPG and TD3 learn, in one flat array: μ and each Q, then their targets μ′ and Q′ in the same order. */
export function createDeterministicNetworks(
  kernel: Kernel,
  { observationSize, actionSize }: Pick<VectorEnv, "observationSize" | "actionSize">,
  config: Pick<DeterministicConfig, "hidden" | "activation" | "optimizerEpsilon">,
  criticCount: number,
  maxBatch: number,
  random: Random,
) {
  const { hidden, activation } = config;
  const actorShape: NetworkShape = {
    sizes: [observationSize, ...hidden, actionSize],
    activation,
    outputActivation: "tanh",
  };
  const criticShape = actionCriticShape(observationSize, actionSize, config);
  const learned = { actor: parameterCount(actorShape), critics: criticCount * parameterCount(criticShape) };
  const parameters = createParts(kernel, {
    ...learned,
    targetActor: learned.actor,
    targetCritics: learned.critics,
  });
  const gradients = createParts(kernel, { ...learned, targetActor: 0, targetCritics: 0 });

  const policy = (name: "actor" | "targetActor") =>
    createNetwork(kernel, actorShape, parameters.part[name], gradients.part[name], maxBatch);
  const critic = (name: "critics" | "targetCritics") =>
    createActionCritic(kernel, criticShape, actionSize, parameters.part[name], gradients.part[name], maxBatch);
  const optimizer = (name: keyof typeof learned) =>
    adam(kernel, parameters.part[name], gradients.part[name], { epsilon: config.optimizerEpsilon });

  const half = parameters.whole.length / 2;
  const networks = {
    parameters: parameters.whole,
    gradients: gradients.part,
    actor: policy("actor"),
    critics: critic("critics"),
    targetActor: policy("targetActor"),
    targetCritics: critic("targetCritics"),
    optimizers: { actor: optimizer("actor"), critics: optimizer("critics") },
    /** θ′ ← τ θ + (1 − τ) θ′ */
    moveTargets: (tau: number) =>
      kernel.polyak(parameters.whole.subarray(half), parameters.whole.subarray(0, half), tau),
  };
  for (const network of [networks.actor, ...networks.critics.networks]) {
    for (const layer of network.layers) fanInUniform(layer, random);
  }
  networks.moveTargets(1);
  return networks;
}

/** a ← clip(a + clip(ε, ±limit), ±1), for actions as the networks know them. */
export function addNoise(actions: Float32Array, noise: Float32Array, limit: number): void {
  for (let i = 0; i < noise.length; i++) {
    const bounded = Math.min(Math.max(noise[i], -limit), limit);
    actions[i] = Math.min(Math.max(actions[i] + bounded, -1), 1);
  }
}

/** ε ~ N(0, σ²) */
export function fillWithNoise(noise: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < noise.length; i++) noise[i] = deviation * random.normal();
}
