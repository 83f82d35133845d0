/**
 * Proximal policy optimization.
 * Schulman et al. 2017, https://arxiv.org/abs/1707.06347, Algorithm 1, with the clipped objective or the adaptive KL penalty.
 */
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { explainedVariance } from "../estimate/explained-variance.ts";
import { gae } from "../estimate/gae.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { createAverages } from "../math/averages.ts";
import { type Schedule, scheduled, schedules } from "../math/schedule.ts";
import { clippedSurrogate } from "../objective/clipped-surrogate.ts";
import { adaptKlCoefficient, penalizedSurrogate } from "../objective/kl-penalty.ts";
import { clippedValueError, squaredError } from "../objective/squared-error.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";
import { type Batch, createMinibatches, type Minibatches, shuffle } from "../rollout/minibatches.ts";
import type { FlatAction, Report, Session } from "./algorithm.ts";
import { flag, nonNegative, oneOf, positiveInteger, type Rules, resolveConfig, unitInterval } from "./config.ts";
import { descend } from "./descend.ts";
import { prepareOnPolicy } from "./on-policy.ts";
import { rolloutMetrics } from "./rollout-metrics.ts";
import { type SharedConfig, sharedDefaults, sharedRules } from "./shared-options.ts";
import { recordPart, restoreSnapshot, takeSnapshot } from "./state.ts";

/** Stable-Baselines3's defaults. The paper's symbol comes first. */
export const ppoDefaults = {
  ...sharedDefaults,
  /** T: steps per environment between updates. */
  horizon: 2048,
  /** K: passes over each rollout. */
  epochs: 10,
  /** M: samples per gradient step. */
  batchSize: 64,
  /** λ of GAE: 0 is one-step TD, 1 is Monte Carlo. */
  lambda: 0.95,
  /** "clip", the clipped surrogate (eq. 7), or "penalty", the adaptive KL penalty (eq. 8). */
  objective: "clip" as "clip" | "penalty",
  /** ε: how far π may move from π_old before the gradient stops. */
  clipRange: 0.2,
  /** How ε goes to the end of the run: constant, linear or cosine (both to 0). */
  clipRangeSchedule: "constant" as Schedule,
  /** How far V may move from V_old before its gradient stops. 0: as far as it likes. */
  valueClipRange: 0,
  /** KL at which the penalty is balanced; with "clip", an iteration stops at 1.5 times this. 0: never. */
  targetKl: 0,
  /** β at the start: the penalty's weight. */
  klCoefficient: 1,
  /** Standardise the advantages of each minibatch. */
  normalizeAdvantages: true,
};

export type PpoConfig = typeof ppoDefaults;

const rules: Rules<PpoConfig> = {
  ...sharedRules,
  horizon: positiveInteger,
  epochs: positiveInteger,
  batchSize: positiveInteger,
  lambda: unitInterval,
  objective: oneOf("clip", "penalty"),
  clipRange: nonNegative,
  clipRangeSchedule: oneOf(...schedules),
  valueClipRange: nonNegative,
  targetKl: nonNegative,
  klCoefficient: nonNegative,
  normalizeAdvantages: flag,
};

/** Yields after every iteration. Takes any action space but Dict and Tuple. */
export async function* ppo<O extends Space, A extends FlatAction>(
  makeEnv: () => Env<O, A>,
  options: Partial<PpoConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("ppo", ppoDefaults, options, rules);
  if (config.objective === "penalty" && config.targetKl === 0) {
    throw new RangeError('ppo: objective "penalty" needs a targetKl above 0, such as 0.01, got 0.');
  }
  const learner = prepareOnPolicy(makeEnv, config, Math.max(config.numEnvs, config.batchSize), session);
  const { kernel, envs, policy, optimizer, rollout, collect, estimates, batch, stepsPerIteration, iterations } =
    learner;
  const ordering = learner.random.split();
  const minibatches = createMinibatches(kernel, batch, config.batchSize);
  const update = createPpoUpdate(kernel, policy, optimizer, minibatches, config);

  const progress = { iteration: 0, klCoefficient: config.klCoefficient };
  const state = {
    arrays: { parameters: policy.parameters, order: minibatches.order, ...optimizer.arrays },
    parts: { envs, acting: learner.acting, ordering, progress: recordPart(progress) },
  };
  if (session.resume) restoreSnapshot("ppo", state, session.resume);
  else envs.reset(config.seed);

  while (progress.iteration < iterations) {
    // Run π_old in N environments for T steps, then estimate Â₁ … Â_T.
    collect(rollout);
    gae(kernel, rollout, config, estimates);
    const metrics = rolloutMetrics(rollout, estimates.advantages, policy);

    // Optimise the surrogate over K epochs of minibatches of M ≤ NT.
    const progressed = progress.iteration / iterations;
    const learningRate = config.learningRate * scheduled(config.learningRateSchedule, progressed);
    const clipRange = config.clipRange * scheduled(config.clipRangeSchedule, progressed);
    const steps = (progress.iteration + 1) * stepsPerIteration;
    const changes = update({ learningRate, clipRange, klCoefficient: progress.klCoefficient, steps }, (order) =>
      shuffle(order, ordering),
    );

    if (config.objective === "penalty") {
      progress.klCoefficient = adaptKlCoefficient(progress.klCoefficient, changes.kl, config.targetKl);
    }
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
        ...(config.objective === "penalty" && { klCoefficient: progress.klCoefficient }),
      },
      snapshot: () => takeSnapshot(state),
    };
  }
}

/** What of the objective changes from iteration to iteration. */
export interface PpoCoefficients {
  readonly learningRate: number;
  readonly clipRange: number;
  readonly klCoefficient: number;
  /** Environment steps so far, for errors. */
  readonly steps: number;
}

/** Means over the minibatches of an update; `kl` over its last epoch, `loss` of its last minibatch alone. */
export type PpoChanges = Record<
  "policyLoss" | "valueLoss" | "entropy" | "kl" | "clippedFraction" | "gradientNorm" | "loss",
  number
>;

type PpoUpdateConfig = Pick<PpoConfig, Exclude<keyof PpoConfig, keyof SharedConfig>> &
  Pick<SharedConfig, "valueCoefficient" | "entropyCoefficient" | "maxGradientNorm">;

/** K epochs of gradient steps on L = L^CLIP − c₁ L^VF + c₂ H (eq. 9). `reorder` decides each epoch's order. */
export function createPpoUpdate(
  kernel: Kernel,
  policy: ActorCritic,
  optimizer: Optimizer,
  minibatches: Minibatches,
  config: PpoUpdateConfig,
): (coefficients: PpoCoefficients, reorder: (order: Int32Array) => void) => PpoChanges {
  const rows = Math.min(config.batchSize, minibatches.order.length);
  const slopes = { dLogProbs: kernel.float32(rows), dEntropies: kernel.float32(rows), dValues: kernel.float32(rows) };
  const { dLogProbs, dEntropies, dValues } = slopes;

  return (coefficients, reorder) => {
    const means = createAverages("policyLoss", "valueLoss", "entropy", "kl", "clippedFraction", "gradientNorm", "loss");
    let stopped = false;

    for (let epoch = 0; epoch < config.epochs && !stopped; epoch++) {
      reorder(minibatches.order);
      means.reset("kl");
      for (const batch of minibatches.epoch()) {
        const n = batch.size;
        if (config.normalizeAdvantages && n > 1) kernel.standardize(batch.advantages.subarray(0, n));
        const now = policy.evaluate(batch);
        const change = { logProbs: now.logProbs, oldLogProbs: batch.logProbs, advantages: batch.advantages };
        const surrogate =
          config.objective === "clip"
            ? clippedSurrogate(change, n, coefficients.clipRange, dLogProbs)
            : penalizedSurrogate(change, n, coefficients.klCoefficient, dLogProbs);
        const valueLoss = criticLoss(now.values, batch, config.valueClipRange, dValues);

        const entropy = mean(now.entropies, n);
        const loss = -surrogate.value + config.valueCoefficient * valueLoss - config.entropyCoefficient * entropy;
        means.add("policyLoss", -surrogate.value);
        means.add("valueLoss", valueLoss);
        means.add("entropy", entropy);
        means.add("kl", surrogate.kl);
        means.add("clippedFraction", surrogate.clippedFraction);
        means.reset("loss");
        means.add("loss", loss);
        stopped = config.objective === "clip" && config.targetKl > 0 && surrogate.kl > 1.5 * config.targetKl;
        if (stopped) break;

        // Descend −L: the surrogate and the entropy are to grow, the critic's error is to shrink.
        for (let i = 0; i < n; i++) {
          dLogProbs[i] = -dLogProbs[i];
          dValues[i] *= config.valueCoefficient;
          dEntropies[i] = -config.entropyCoefficient / n;
        }
        policy.backward(slopes);
        const place = { algorithm: "ppo", steps: coefficients.steps };
        means.add(
          "gradientNorm",
          descend(kernel, optimizer, policy.gradients, coefficients.learningRate, config.maxGradientNorm, place),
        );
      }
    }
    return means.all();
  };
}

function criticLoss(values: Float32Array, batch: Batch, clipRange: number, dValues: Float32Array): number {
  return clipRange > 0
    ? clippedValueError(values, batch.values, batch.returns, batch.size, clipRange, dValues)
    : squaredError(values, batch.returns, batch.size, dValues);
}

function mean(x: Float32Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i];
  return sum / n;
}
