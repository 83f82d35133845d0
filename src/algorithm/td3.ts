/**
 * TD3, twin delayed deep deterministic policy gradient.
 * Fujimoto, van Hoof & Meger 2018, https://arxiv.org/abs/1802.09477, Algorithm 1.
 */
import type { Env } from "../env/env.ts";
import type { Box, Space } from "../env/space.ts";
import { bootstrappedTargets } from "../estimate/bootstrapped-targets.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { meanOfFirst } from "../math/mean-of-first.ts";
import { squaredError } from "../objective/squared-error.ts";
import { smallestOutputs } from "../policy/network-array.ts";
import type { Policy } from "../policy/policy.ts";
import type { Transitions } from "../rollout/transitions.ts";
import { actionValueMetrics } from "./action-value-metrics.ts";
import type { Report, Session } from "./algorithm.ts";
import { nonNegative, positiveInteger, type Rules, resolveConfig } from "./config.ts";
import { descend } from "./descend.ts";
import {
  addNoise,
  createDeterministicNetworks,
  type DeterministicNetworks,
  deterministicDefaults,
  deterministicRules,
  fillWithNoise,
} from "./deterministic-networks.ts";
import { prepareOffPolicy } from "./off-policy.ts";
import { createReports } from "./off-policy-reports.ts";
import { prefixed, restoreSnapshot } from "./state.ts";

/** Stable-Baselines3's defaults. The paper's symbol comes first. */
export const td3Defaults = {
  ...deterministicDefaults,
  /** d: gradient steps of the critics to one of the policy and the targets. */
  policyDelay: 2,
  /** σ̃ of the noise that smooths the target's action. */
  targetNoise: 0.2,
  /** c: where that noise is cut off. */
  targetNoiseClip: 0.5,
};

export type Td3Config = typeof td3Defaults;

const rules: Rules<Td3Config> = {
  ...deterministicRules,
  policyDelay: positiveInteger,
  targetNoise: nonNegative,
  targetNoiseClip: nonNegative,
};

const averaged = ["policyLoss", "valueLoss", "actionValue", "temporalDifference", "gradientNorm"] as const;

/** Yields every `reportEvery` steps. Takes Box actions with both bounds. */
export async function* td3<O extends Space, A extends Box>(
  makeEnv: () => Env<O, A>,
  options: Partial<Td3Config> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("td3", td3Defaults, options, rules);
  const needs = { kind: "box", networks: 6, outputs: 1 } as const;
  const learner = prepareOffPolicy("td3", makeEnv, config, needs, session);
  const { kernel, envs, acting, progress, totalSteps } = learner;
  const { numEnvs: N, batchSize } = config;
  const [initial, smoothing] = [learner.random.split(), learner.random.split()];
  const networks = createDeterministicNetworks(kernel, envs, config, 2, Math.max(batchSize, N), initial);
  const { actor, parameters, optimizers } = networks;
  const update = createTd3Update(kernel, networks, config);

  const { observationSpace, actionSpace, actionSize } = envs;
  const policy: Policy<O, A> = {
    observationSpace,
    actionSpace,
    distribution: "deterministic",
    layers: actor.layers,
    logStd: null,
    normalization: null,
    parameters,
  };
  const exploration = kernel.float32(N * actionSize);
  const noise = kernel.float32(batchSize * actionSize);
  const state = {
    arrays: { parameters, ...prefixed(optimizers) },
    parts: { ...learner.parts, smoothing },
    stores: learner.stores,
  };
  if (session.resume) restoreSnapshot("td3", state, session.resume);
  learner.begin(session.resume !== undefined);

  const reports = createReports(learner, policy, state, averaged);
  while (progress.steps < totalSteps) {
    // a ~ π_φ(s) + ε, ε ~ N(0, σ); store (s, a, r, s′) in B
    learner.interact((observations, _masks, actions) => {
      actions.set(actor.forward(observations, N).subarray(0, N * actionSize));
      fillWithNoise(exploration, config.explorationNoise, acting);
      addNoise(actions, exploration, Number.POSITIVE_INFINITY);
    });

    for (let left = learner.gradientSteps(); left > 0; left--) {
      fillWithNoise(noise, config.targetNoise, smoothing);
      const isPolicyDue = (progress.updates + 1) % config.policyDelay === 0;
      reports.note(update(learner.sample(), noise, isPolicyDue, learner.learningRate(), progress.steps));
    }

    if (learner.isReportDue()) yield reports.next();
  }
}

/** Of one gradient step, from before it; of the policy only where it took one. */
export type Td3Changes = Partial<Record<(typeof averaged)[number], number>>;

/** A gradient step on the critics, and where it is due on the policy. `noise` [M, actionSize] is for the target's action, not yet cut off. */
export function createTd3Update(
  kernel: Kernel,
  { gradients, actor, critics, targetActor, targetCritics, optimizers, moveTargets }: DeterministicNetworks,
  config: Pick<Td3Config, "batchSize" | "tau" | "maxGradientNorm" | "targetNoiseClip">,
): (batch: Transitions, noise: Float32Array, isPolicyDue: boolean, learningRate: number, steps: number) => Td3Changes {
  const { batchSize, maxGradientNorm } = config;
  const y = kernel.float32(batchSize);
  const dValues = critics.networks.map(() => kernel.float32(batchSize));
  const dActions = kernel.float32(batchSize * actor.outputs);

  return (batch, noise, isPolicyDue, learningRate, steps) => {
    const { size: n, observations, nextObservations } = batch;
    const place = { algorithm: "td3", steps };

    // ã ← π_φ′(s′) + ε, ε ~ clip(N(0, σ̃), −c, c);  y ← r + γ min Q_θ′ᵢ(s′, ã)
    const nextActions = targetActor.forward(nextObservations, n);
    addNoise(nextActions, noise, config.targetNoiseClip);
    smallestOutputs(targetCritics.evaluate(nextObservations, nextActions, n), n, y);
    bootstrappedTargets(batch, y, y);

    // θᵢ ← argmin N⁻¹ Σ (y − Q_θᵢ(s, a))²
    const values = critics.evaluate(observations, batch.actions, n);
    let valueLoss = 0;
    for (let i = 0; i < values.length; i++) valueLoss += squaredError(values[i], y, n, dValues[i]) / values.length;
    const fit = actionValueMetrics(values, y, n);
    critics.backward(dValues, n);
    const criticNorm = descend(kernel, optimizers.critics, gradients.critics, learningRate, maxGradientNorm, place);
    if (!isPolicyDue) return { valueLoss, ...fit };

    // ∇_φ J(φ) = N⁻¹ Σ ∇ₐ Q_θ₁(s, a) ∇_φ π_φ(s), a = π_φ(s)
    const [chosen] = critics.evaluate(observations, actor.forward(observations, n), n, 1);
    critics.backwardActions(-1 / n, n, dActions);
    actor.backward(dActions, n);
    const actorNorm = descend(kernel, optimizers.actor, gradients.actor, learningRate, maxGradientNorm, place);

    // θ′ᵢ ← τ θᵢ + (1 − τ) θ′ᵢ,  φ′ ← τ φ + (1 − τ) φ′
    moveTargets(config.tau);
    const gradientNorm = Math.sqrt(criticNorm * criticNorm + actorNorm * actorNorm);
    return { policyLoss: -meanOfFirst(chosen, n), valueLoss, ...fit, gradientNorm };
  };
}
