/**
 * REINFORCE, the Monte Carlo policy gradient.
 * Williams 1992, https://doi.org/10.1007/BF00992696; Sutton & Barto 2018, sections 13.3 and 13.4 (with a baseline).
 */
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { discountedReturns } from "../estimate/discounted-returns.ts";
import { explainedVariance } from "../estimate/explained-variance.ts";
import { standardize } from "../kernel/reference/vector.ts";
import { createRandom } from "../math/random.ts";
import { scheduled } from "../math/schedule.ts";
import { scoreFunction } from "../objective/score-function.ts";
import { squaredError } from "../objective/squared-error.ts";
import { createOptimizer } from "../optimizer/create-optimizer.ts";
import { createActorCritic } from "../policy/actor-critic.ts";
import { createEpisodeCollector, type EpisodeBatch } from "../rollout/episodes.ts";
import type { FlatAction, Report, Session } from "./algorithm.ts";
import { flag, oneOf, positiveInteger, type Rules, resolveConfig } from "./config.ts";
import { descend } from "./descend.ts";
import { reservation } from "./reservation.ts";
import { rolloutMetrics } from "./rollout-metrics.ts";
import { sessionKernel } from "./session-kernel.ts";
import { sharedDefaults, sharedRules } from "./shared-options.ts";
import { recordPart, restoreSnapshot, takeSnapshot } from "./state.ts";
import { trainingEnvs } from "./training-envs.ts";

const { numEnvs: _one, ...singleDefaults } = sharedDefaults;
const { numEnvs: _rule, ...singleRules } = sharedRules;

export const reinforceDefaults = {
  ...singleDefaults,
  learningRate: 2e-3,
  /** Whole episodes are gathered for an update until they have at least this many steps. */
  minSteps: 1000,
  /** What is taken off the return: none, mean (over the update's steps) or value (a learned V). */
  baseline: "value" as "none" | "mean" | "value",
  /** Standardise the advantages of each update. */
  normalizeAdvantages: true,
};

export type ReinforceConfig = typeof reinforceDefaults;

const rules: Rules<ReinforceConfig> = {
  ...singleRules,
  minSteps: positiveInteger,
  baseline: oneOf("none", "mean", "value"),
  normalizeAdvantages: flag,
};

/** Rows to a pass through the networks; an update has as many passes as it needs. */
const chunkRows = 512;

/** Yields after every update. Takes any action space but Dict and Tuple. */
export async function* reinforce<O extends Space, A extends FlatAction>(
  makeEnv: () => Env<O, A>,
  options: Partial<ReinforceConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("reinforce", reinforceDefaults, options, rules);
  const learnsValue = config.baseline === "value";
  const random = createRandom(config.seed);
  const [initial, acting] = [random.split(), random.split()];

  const envs = trainingEnvs(makeEnv, { ...config, numEnvs: 1 });
  const bytes = reservation(envs, config.hidden, { rows: chunkRows, maxBatch: chunkRows });
  const kernel = sessionKernel(session, bytes);
  const policy = createActorCritic(kernel, envs, config, chunkRows, initial);
  const gradients = kernel.float32(policy.gradients.length);
  const optimizer = createOptimizer(config.optimizer, kernel, { ...policy, gradients }, config.optimizerEpsilon);
  const collect = createEpisodeCollector(kernel, envs, policy, acting, config.minSteps, chunkRows);
  const slopes = {
    dLogProbs: kernel.float32(chunkRows),
    dEntropies: kernel.float32(chunkRows),
    dValues: kernel.float32(chunkRows),
  };

  const progress = { steps: 0 };
  const state = {
    arrays: { parameters: policy.parameters, ...optimizer.arrays },
    parts: { envs, acting, progress: recordPart(progress) },
  };
  if (session.resume) restoreSnapshot("reinforce", state, session.resume);
  else envs.reset(config.seed);

  while (progress.steps < config.totalSteps) {
    const learningRate =
      config.learningRate * scheduled(config.learningRateSchedule, progress.steps / config.totalSteps);

    // Generate whole episodes following π, then G of every step; a cut tail is worth what V says, if V is learned.
    const batch = collect();
    progress.steps += batch.size;
    fillReturns(batch, config.discount, learnsValue);
    const advantages = batch.advantages.subarray(0, batch.size);
    takeOffBaseline(advantages, batch, config.baseline);
    const metrics = rolloutMetrics(batch, advantages, policy);
    if (config.normalizeAdvantages && batch.size > 1) standardize(advantages);

    // θ += α mean (G − b) ∇ log π(a|s), a chunk at a time; the critic learns from the same returns.
    const totals = { policyLoss: 0, valueLoss: 0, entropy: 0 };
    gradients.fill(0);
    for (const chunk of batch.chunks()) {
      const n = chunk.size;
      const share = n / batch.size;
      const now = policy.evaluate(chunk);
      totals.policyLoss -= share * scoreFunction(now.logProbs, chunk.advantages, n, slopes.dLogProbs);
      totals.valueLoss += share * squaredError(now.values, chunk.returns, n, slopes.dValues);
      for (let i = 0; i < n; i++) {
        totals.entropy += now.entropies[i] / batch.size;
        slopes.dLogProbs[i] *= -share;
        slopes.dValues[i] *= learnsValue ? share * config.valueCoefficient : 0;
        slopes.dEntropies[i] = -config.entropyCoefficient / batch.size;
      }
      policy.backward(slopes);
      kernel.addScaled(gradients, 1, policy.gradients);
    }
    const place = { algorithm: "reinforce", steps: progress.steps };
    const gradientNorm = descend(kernel, optimizer, gradients, learningRate, config.maxGradientNorm, place);

    yield {
      steps: progress.steps,
      totalSteps: config.totalSteps,
      policy,
      episodes: envs.drainEpisodes(),
      metrics: {
        ...metrics,
        ...totals,
        gradientNorm,
        learningRate,
        ...(learnsValue && { explainedVariance: explainedVariance(batch.values, batch.returns, batch.size) }),
      },
      snapshot: () => takeSnapshot(state),
    };
  }
}

function fillReturns({ rewards, returns, ends }: EpisodeBatch, discount: number, learnsValue: boolean): void {
  let start = 0;
  for (const { row, bootstrap } of ends) {
    const episode = returns.subarray(start, row);
    discountedReturns(rewards.subarray(start, row), row - start, discount, learnsValue ? bootstrap : 0, episode);
    start = row;
  }
}

function takeOffBaseline(advantages: Float32Array, batch: EpisodeBatch, baseline: ReinforceConfig["baseline"]): void {
  let mean = 0;
  for (let i = 0; i < batch.size; i++) mean += batch.returns[i] / batch.size;
  for (let i = 0; i < batch.size; i++) {
    const expected = baseline === "value" ? batch.values[i] : baseline === "mean" ? mean : 0;
    advantages[i] = batch.returns[i] - expected;
  }
}
