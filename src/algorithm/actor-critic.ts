/**
 * Actor-critic, online: a step of learning after every step of acting.
 * Sutton & Barto 2018, section 13.5, "One-step Actor-Critic" (λ = 0) and "Actor-Critic with Eligibility Traces" (λ > 0),
 * without the factor γᵗ, as is usual.
 */
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { createAverages } from "../math/averages.ts";
import { createRandom } from "../math/random.ts";
import { scheduled } from "../math/schedule.ts";
import { createOptimizer } from "../optimizer/create-optimizer.ts";
import { createActorCritic } from "../policy/actor-critic.ts";
import { clipToSpace } from "../rollout/rollout.ts";
import type { FlatAction, Report, Session } from "./algorithm.ts";
import { positiveInteger, type Rules, resolveConfig, unitInterval } from "./config.ts";
import { descend } from "./descend.ts";
import { reservation } from "./reservation.ts";
import { largest, meanDeviation, saturatedFraction } from "./rollout-metrics.ts";
import { sessionKernel } from "./session-kernel.ts";
import { sharedDefaults, sharedRules } from "./shared-options.ts";
import { recordPart, restoreSnapshot, takeSnapshot } from "./state.ts";
import { trainingEnvs } from "./training-envs.ts";

export const actorCriticDefaults = {
  ...sharedDefaults,
  numEnvs: 16,
  learningRate: 1e-3,
  /** λ of the eligibility traces: 0 is one-step TD. */
  lambda: 0,
  /** Steps per environment between reports. */
  horizon: 256,
};

export type ActorCriticConfig = typeof actorCriticDefaults;

const rules: Rules<ActorCriticConfig> = { ...sharedRules, lambda: unitInterval, horizon: positiveInteger };

/** Yields every `horizon` steps. Takes any action space but Dict and Tuple. */
export async function* actorCritic<O extends Space, A extends FlatAction>(
  makeEnv: () => Env<O, A>,
  options: Partial<ActorCriticConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("actor-critic", actorCriticDefaults, options, rules);
  const { numEnvs, horizon, discount, lambda } = config;
  const stepsPerIteration = numEnvs * horizon;
  const iterations = Math.max(1, Math.floor(config.totalSteps / stepsPerIteration));
  const random = createRandom(config.seed);
  const [initial, acting] = [random.split(), random.split()];

  const envs = trainingEnvs(makeEnv, config);
  const copies = 6 + (lambda > 0 ? numEnvs : 0);
  const bytes = reservation(envs, config.hidden, { rows: numEnvs, maxBatch: numEnvs, copies });
  const kernel = sessionKernel(session, bytes);
  const { observationSize, actionSize } = envs;
  const policy = createActorCritic(kernel, envs, config, numEnvs, initial);
  const gradients = kernel.float32(policy.gradients.length);
  const optimizer = createOptimizer(config.optimizer, kernel, { ...policy, gradients }, config.optimizerEpsilon);
  const traces = Array.from({ length: lambda > 0 ? numEnvs : 0 }, () => kernel.float32(gradients.length));
  const numbers = () => kernel.float32(numEnvs);
  const slopes = { dLogProbs: numbers(), dEntropies: numbers(), dValues: numbers() };
  const draw = { actions: kernel.float32(numEnvs * actionSize), logProbs: numbers() };
  const observations = kernel.float32(numEnvs * observationSize);
  const masks = envs.actionMasks && kernel.uint8(envs.actionMasks.length);
  const maskSize = envs.actionMasks ? envs.actionMasks.length / numEnvs : 0;
  const successors = kernel.float32(numEnvs * observationSize);
  const nextValues = numbers();
  /** r + γ V(s′) */
  const targets = numbers();
  /** δ = r + γ V(s′) − V(s) */
  const errors = numbers();
  const legal = new Float32Array(numEnvs * actionSize);

  const progress = { iteration: 0 };
  const state = {
    arrays: {
      parameters: policy.parameters,
      ...optimizer.arrays,
      ...Object.fromEntries(traces.map((trace, n) => [`trace${n}`, trace])),
    },
    parts: { envs, acting, progress: recordPart(progress) },
  };
  if (session.resume) restoreSnapshot("actor-critic", state, session.resume);
  else envs.reset(config.seed);
  // An environment that could not tell its state began a new episode, and says that the old one was cut.
  traces.forEach((trace, n) => void (envs.truncated[n] && trace.fill(0)));

  /** One step in every environment, and what it was worth: the targets. */
  function act(): void {
    observations.set(envs.observations);
    if (masks && envs.actionMasks) masks.set(envs.actionMasks);
    policy.act(observations, masks, numEnvs, acting, draw);
    clipToSpace(draw.actions, envs, legal);
    envs.step(legal);
    successors.set(envs.finalObservations);
    policy.values(successors, numEnvs, nextValues);
    for (let n = 0; n < numEnvs; n++) {
      targets[n] = envs.rewards[n] + discount * (1 - envs.terminated[n]) * nextValues[n];
    }
  }

  /** Leaves in `policy.gradients` the downhill gradient of Σ w (log π(a|s) + 2 c₁ V(s)) + h H over some rows; w is δ/N or given. */
  function differentiate(from: number, count: number, weight: number | "errors", entropyShare: number): number {
    const now = policy.evaluate({
      size: count,
      observations: observations.subarray(from * observationSize),
      actions: draw.actions.subarray(from * actionSize),
      masks: masks?.subarray(from * maskSize) ?? null,
    });
    let entropy = 0;
    for (let i = 0; i < count; i++) {
      errors[from + i] = targets[from + i] - now.values[i];
      const w = weight === "errors" ? errors[from + i] / numEnvs : weight;
      slopes.dLogProbs[i] = -w;
      slopes.dValues[i] = -2 * config.valueCoefficient * w;
      slopes.dEntropies[i] = -entropyShare;
      entropy += now.entropies[i] / numEnvs;
    }
    policy.backward(slopes);
    return entropy;
  }

  /** λ = 0: θ += α δ ∇ (log π + 2 c₁ V), all environments in one batch. */
  function learnOneStep(): number {
    const entropy = differentiate(0, numEnvs, "errors", config.entropyCoefficient / numEnvs);
    gradients.set(policy.gradients);
    return entropy;
  }

  /** λ > 0: z ← γλ z + ∇ (log π + 2 c₁ V), θ += α δ z, a trace to each environment; it ends with the episode. */
  function learnWithTraces(): number {
    let entropy = 0;
    gradients.fill(0);
    for (let n = 0; n < numEnvs; n++) {
      if (config.entropyCoefficient > 0) {
        differentiate(n, 1, 0, config.entropyCoefficient / numEnvs);
        kernel.addScaled(gradients, 1, policy.gradients);
      }
      entropy += differentiate(n, 1, 1, 0);
      kernel.scale(traces[n], discount * lambda);
      kernel.addScaled(traces[n], 1, policy.gradients);
      kernel.addScaled(gradients, errors[n] / numEnvs, traces[n]);
      if (envs.terminated[n] || envs.truncated[n]) traces[n].fill(0);
    }
    return entropy;
  }

  while (progress.iteration < iterations) {
    const means = createAverages("valueLoss", "entropy", "gradientNorm", "error", "saturatedFraction");
    let observationScale = 0;
    const learningRate = config.learningRate * scheduled(config.learningRateSchedule, progress.iteration / iterations);
    const steps = (progress.iteration + 1) * stepsPerIteration;
    for (let t = 0; t < horizon; t++) {
      act();
      means.add("entropy", lambda > 0 ? learnWithTraces() : learnOneStep());
      const place = { algorithm: "actor-critic", steps };
      means.add("gradientNorm", descend(kernel, optimizer, gradients, learningRate, config.maxGradientNorm, place));
      for (const error of errors) {
        means.add("valueLoss", error * error);
        means.add("error", error);
      }
      observationScale = Math.max(observationScale, largest(observations));
      if (policy.logStd) means.add("saturatedFraction", saturatedFraction(draw.actions, policy));
    }

    const { error, saturatedFraction: saturated, ...measured } = means.all();
    progress.iteration++;
    yield {
      steps,
      totalSteps: iterations * stepsPerIteration,
      policy,
      episodes: envs.drainEpisodes(),
      metrics: {
        ...measured,
        advantageDeviation: Math.sqrt(Math.max(0, measured.valueLoss - error * error)),
        observationScale,
        learningRate,
        ...(policy.logStd && { standardDeviation: meanDeviation(policy.logStd), saturatedFraction: saturated }),
      },
      snapshot: () => takeSnapshot(state),
    };
  }
}
