/**
 * DDPG, deep deterministic policy gradient.
 * Lillicrap et al. 2016, https://arxiv.org/abs/1509.02971, Algorithm 1, with normal noise in place of Ornstein and Uhlenbeck's.
 */
import type { Env } from "../env/env.ts";
import type { Box, Space } from "../env/space.ts";
import { bootstrappedTargets } from "../estimate/bootstrapped-targets.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { meanOfFirst } from "../math/mean-of-first.ts";
import { squaredError } from "../objective/squared-error.ts";
import type { Policy } from "../policy/policy.ts";
import type { Transitions } from "../rollout/transitions.ts";
import { actionValueMetrics } from "./action-value-metrics.ts";
import type { Report, Session } from "./algorithm.ts";
import { resolveConfig } from "./config.ts";
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

/** Stable-Baselines3's defaults. */
export const ddpgDefaults = { ...deterministicDefaults };

export type DdpgConfig = typeof ddpgDefaults;

const averaged = ["policyLoss", "valueLoss", "actionValue", "temporalDifference", "gradientNorm"] as const;

/** Yields every `reportEvery` steps. Takes Box actions with both bounds. */
export async function* ddpg<O extends Space, A extends Box>(
  makeEnv: () => Env<O, A>,
  options: Partial<DdpgConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("ddpg", ddpgDefaults, options, deterministicRules);
  const needs = { kind: "box", networks: 4, outputs: 1 } as const;
  const learner = prepareOffPolicy("ddpg", makeEnv, config, needs, session);
  const { kernel, envs, acting, progress, totalSteps } = learner;
  const { numEnvs: N, batchSize } = config;
  const initial = learner.random.split();
  const networks = createDeterministicNetworks(kernel, envs, config, 1, Math.max(batchSize, N), initial);
  const { actor, parameters, optimizers } = networks;
  const update = createDdpgUpdate(kernel, networks, config);

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
  const noise = kernel.float32(N * actionSize);
  const state = {
    arrays: { parameters, ...prefixed(optimizers) },
    parts: learner.parts,
    stores: learner.stores,
  };
  if (session.resume) restoreSnapshot("ddpg", state, session.resume);
  learner.begin(session.resume !== undefined);

  const reports = createReports(learner, policy, state, averaged);
  while (progress.steps < totalSteps) {
    // aₜ = μ(sₜ|θ^μ) + 𝒩ₜ; execute it, observe rₜ and sₜ₊₁, store (sₜ, aₜ, rₜ, sₜ₊₁) in R
    learner.interact((observations, _masks, actions) => {
      actions.set(actor.forward(observations, N).subarray(0, N * actionSize));
      fillWithNoise(noise, config.explorationNoise, acting);
      addNoise(actions, noise, Number.POSITIVE_INFINITY);
    });

    for (let left = learner.gradientSteps(); left > 0; left--) {
      reports.note(update(learner.sample(), learner.learningRate(), progress.steps));
    }

    if (learner.isReportDue()) yield reports.next();
  }
}

/** Of one gradient step, from before it. */
export type DdpgChanges = Record<(typeof averaged)[number], number>;

/** A gradient step on the critic, then on the policy. */
export function createDdpgUpdate(
  kernel: Kernel,
  { gradients, actor, critics, targetActor, targetCritics, optimizers, moveTargets }: DeterministicNetworks,
  config: Pick<DdpgConfig, "batchSize" | "tau" | "maxGradientNorm">,
): (batch: Transitions, learningRate: number, steps: number) => DdpgChanges {
  const { batchSize, maxGradientNorm } = config;
  const [y, dValues] = [kernel.float32(batchSize), kernel.float32(batchSize)];
  const dActions = kernel.float32(batchSize * actor.outputs);

  return (batch, learningRate, steps) => {
    const { size: n, observations, nextObservations } = batch;
    const place = { algorithm: "ddpg", steps };

    // yᵢ = rᵢ + γ Q′(sᵢ₊₁, μ′(sᵢ₊₁))
    const [nextValues] = targetCritics.evaluate(nextObservations, targetActor.forward(nextObservations, n), n);
    bootstrappedTargets(batch, nextValues, y);

    // Update the critic by minimising L = N⁻¹ Σ (yᵢ − Q(sᵢ, aᵢ))².
    const values = critics.evaluate(observations, batch.actions, n);
    const valueLoss = squaredError(values[0], y, n, dValues);
    const fit = actionValueMetrics(values, y, n);
    critics.backward([dValues], n);
    const criticNorm = descend(kernel, optimizers.critics, gradients.critics, learningRate, maxGradientNorm, place);

    // Update the policy by N⁻¹ Σ ∇ₐ Q(s, a) ∇ μ(s), a = μ(s).
    const [chosen] = critics.evaluate(observations, actor.forward(observations, n), n);
    critics.backwardActions(-1 / n, n, dActions);
    actor.backward(dActions, n);
    const actorNorm = descend(kernel, optimizers.actor, gradients.actor, learningRate, maxGradientNorm, place);

    // θ′ ← τ θ + (1 − τ) θ′
    moveTargets(config.tau);
    const gradientNorm = Math.sqrt(criticNorm * criticNorm + actorNorm * actorNorm);
    return { policyLoss: -meanOfFirst(chosen, n), valueLoss, ...fit, gradientNorm };
  };
}
