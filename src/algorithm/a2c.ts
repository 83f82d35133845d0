/**
 * Advantage actor-critic, synchronous.
 * Mnih et al. 2016, https://arxiv.org/abs/1602.01783, Algorithm S3, its actors in step with one another.
 */
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { explainedVariance } from "../estimate/explained-variance.ts";
import { gae } from "../estimate/gae.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { scheduled } from "../math/schedule.ts";
import { scoreFunction } from "../objective/score-function.ts";
import { squaredError } from "../objective/squared-error.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";
import type { Batch } from "../rollout/minibatches.ts";
import type { FlatAction, Report, Session } from "./algorithm.ts";
import { flag, positiveInteger, type Rules, resolveConfig, unitInterval } from "./config.ts";
import { descend } from "./descend.ts";
import { prepareOnPolicy } from "./on-policy.ts";
import { rolloutMetrics } from "./rollout-metrics.ts";
import { type SharedConfig, sharedDefaults, sharedRules } from "./shared-options.ts";
import { recordPart, restoreSnapshot, takeSnapshot } from "./state.ts";

/** Stable-Baselines3's defaults, with eight environments. */
export const a2cDefaults = {
  ...sharedDefaults,
  numEnvs: 8,
  learningRate: 7e-4,
  optimizer: "rmsprop" as SharedConfig["optimizer"],
  /** T: steps per environment between updates. */
  horizon: 5,
  /** λ of GAE: 0 is one-step TD, 1 the paper's n-step return. */
  lambda: 1,
  /** Standardise the advantages of each rollout. */
  normalizeAdvantages: false,
};

export type A2cConfig = typeof a2cDefaults;

const rules: Rules<A2cConfig> = {
  ...sharedRules,
  horizon: positiveInteger,
  lambda: unitInterval,
  normalizeAdvantages: flag,
};

/** Yields after every iteration. Takes any action space but Dict and Tuple. */
export async function* a2c<O extends Space, A extends FlatAction>(
  makeEnv: () => Env<O, A>,
  options: Partial<A2cConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("a2c", a2cDefaults, options, rules);
  const learner = prepareOnPolicy(makeEnv, config, config.numEnvs * config.horizon, session);
  const { kernel, envs, policy, optimizer, rollout, collect, estimates, batch, stepsPerIteration, iterations } =
    learner;
  const update = createA2cUpdate(kernel, policy, optimizer, batch, config);

  const progress = { iteration: 0 };
  const state = {
    arrays: { parameters: policy.parameters, ...optimizer.arrays },
    parts: { envs, acting: learner.acting, progress: recordPart(progress) },
  };
  if (session.resume) restoreSnapshot("a2c", state, session.resume);
  else envs.reset(config.seed);

  while (progress.iteration < iterations) {
    // T steps in each of N environments, then n-step advantages, their tails bootstrapped.
    collect(rollout);
    gae(kernel, rollout, config, estimates);
    const metrics = rolloutMetrics(rollout, estimates.advantages, policy);

    // One step on all of them.
    const learningRate = config.learningRate * scheduled(config.learningRateSchedule, progress.iteration / iterations);
    const steps = (progress.iteration + 1) * stepsPerIteration;
    const changes = update(learningRate, steps);

    progress.iteration++;
    yield {
      steps,
      totalSteps: iterations * stepsPerIteration,
      policy,
      episodes: envs.drainEpisodes(),
      metrics: {
        ...metrics,
        ...changes,
        explainedVariance: explainedVariance(batch.values, batch.returns, batch.size),
        learningRate,
      },
      snapshot: () => takeSnapshot(state),
    };
  }
}

/** What an update says of itself. */
export type A2cChanges = Record<"policyLoss" | "valueLoss" | "entropy" | "gradientNorm", number>;

type A2cUpdateConfig = Pick<
  A2cConfig,
  "normalizeAdvantages" | "valueCoefficient" | "entropyCoefficient" | "maxGradientNorm"
>;

/** One gradient step on L = mean log π(a|s) Â − c₁ (V − R)² + c₂ H. `algorithm` and `steps` are named in errors. */
export function createA2cUpdate(
  kernel: Kernel,
  policy: ActorCritic,
  optimizer: Optimizer,
  batch: Batch,
  config: A2cUpdateConfig,
  algorithm = "a2c",
): (learningRate: number, steps: number) => A2cChanges {
  const n = batch.size;
  const slopes = { dLogProbs: kernel.float32(n), dEntropies: kernel.float32(n), dValues: kernel.float32(n) };
  const { dLogProbs, dEntropies, dValues } = slopes;

  return (learningRate, steps) => {
    if (config.normalizeAdvantages && n > 1) kernel.standardize(batch.advantages);
    const now = policy.evaluate(batch);
    const objective = scoreFunction(now.logProbs, batch.advantages, n, dLogProbs);
    const valueLoss = squaredError(now.values, batch.returns, n, dValues);
    let entropy = 0;
    for (let i = 0; i < n; i++) {
      entropy += now.entropies[i] / n;
      dLogProbs[i] = -dLogProbs[i];
      dValues[i] *= config.valueCoefficient;
      dEntropies[i] = -config.entropyCoefficient / n;
    }
    policy.backward(slopes);
    const place = { algorithm, steps };
    const gradientNorm = descend(kernel, optimizer, policy.gradients, learningRate, config.maxGradientNorm, place);
    return { policyLoss: -objective, valueLoss, entropy, gradientNorm };
  };
}
