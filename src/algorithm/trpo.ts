/**
 * Trust region policy optimization.
 * Schulman et al. 2015, https://arxiv.org/abs/1502.05477, sections 4 to 6 and appendix C, single path.
 */
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { explainedVariance } from "../estimate/explained-variance.ts";
import { gae } from "../estimate/gae.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { createAverages } from "../math/averages.ts";
import { scheduled } from "../math/schedule.ts";
import { squaredError } from "../objective/squared-error.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";
import { createMinibatches, type Minibatches, shuffle } from "../rollout/minibatches.ts";
import type { FlatAction, Report, Session } from "./algorithm.ts";
import {
  flag,
  nonNegative,
  positive,
  positiveInteger,
  positiveShare,
  type Rules,
  resolveConfig,
  unitInterval,
} from "./config.ts";
import { descend } from "./descend.ts";
import { prepareOnPolicy } from "./on-policy.ts";
import { rolloutMetrics } from "./rollout-metrics.ts";
import { sharedDefaults, sharedRules } from "./shared-options.ts";
import { recordPart, restoreSnapshot, takeSnapshot } from "./state.ts";
import { createTrustRegionStep } from "./trust-region-step.ts";

// Policy and critic have no loss in common that could weigh them against each other.
const { valueCoefficient: _c1, entropyCoefficient: _c2, ...separateDefaults } = sharedDefaults;
const { valueCoefficient: _c1Rule, entropyCoefficient: _c2Rule, ...separateRules } = sharedRules;

/** sb3-contrib's defaults. The paper's symbol comes first. */
export const trpoDefaults = {
  ...separateDefaults,
  /** T: steps per environment between updates. */
  horizon: 2048,
  /** λ of GAE: 0 is one-step TD, 1 is Monte Carlo. */
  lambda: 0.95,
  /** δ: how far an update may move the policy, in mean KL. */
  targetKl: 0.01,
  /** Added to the diagonal of the Fisher matrix. */
  damping: 0.1,
  /** Most products with the Fisher matrix in the search for the step's direction. */
  conjugateGradientSteps: 15,
  /** A step that is refused is tried again at this share of its length. */
  lineSearchShrink: 0.8,
  /** Most lengths that are tried; if all are refused, the policy stays. */
  lineSearchSteps: 10,
  /** Share of the rollout that the Fisher matrix is taken over. */
  fisherFraction: 1,
  /** Standardise the advantages of each rollout. */
  normalizeAdvantages: true,
  /** Passes of the critic over each rollout. */
  criticEpochs: 10,
  /** M: samples per gradient step of the critic. */
  batchSize: 128,
  /** α: the step size of the critic's optimizer. */
  learningRate: 1e-3,
  /** Longest gradient of the critic; longer ones are scaled down to it. 0: no bound. */
  maxGradientNorm: 0,
  /** One trunk for policy and critic, or a network each. A trunk is moved by the policy's step alone. */
  sharedTrunk: false,
};

export type TrpoConfig = typeof trpoDefaults;

const rules: Rules<TrpoConfig> = {
  ...separateRules,
  horizon: positiveInteger,
  lambda: unitInterval,
  targetKl: positive,
  damping: nonNegative,
  conjugateGradientSteps: positiveInteger,
  lineSearchShrink: positiveShare,
  lineSearchSteps: positiveInteger,
  fisherFraction: positiveShare,
  normalizeAdvantages: flag,
  criticEpochs: positiveInteger,
  batchSize: positiveInteger,
};

/** Yields after every iteration. Takes any action space but Dict and Tuple. */
export async function* trpo<O extends Space, A extends FlatAction>(
  makeEnv: () => Env<O, A>,
  options: Partial<TrpoConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("trpo", trpoDefaults, options, rules);
  const learner = prepareOnPolicy(makeEnv, config, config.numEnvs * config.horizon, session, "critic");
  const { kernel, envs, policy, optimizer, rollout, collect, estimates, batch, stepsPerIteration, iterations } =
    learner;
  const ordering = learner.random.split();
  const minibatches = createMinibatches(kernel, batch, config.batchSize);
  const improve = createTrustRegionStep(kernel, policy, batch, config);
  const fit = createCriticFit(kernel, policy, optimizer, minibatches, config);

  const progress = { iteration: 0 };
  const state = {
    arrays: { parameters: policy.parameters, order: minibatches.order, ...optimizer.arrays },
    parts: { envs, acting: learner.acting, ordering, progress: recordPart(progress) },
  };
  if (session.resume) restoreSnapshot("trpo", state, session.resume);
  else envs.reset(config.seed);

  while (progress.iteration < iterations) {
    // Run π_old in N environments for T steps, then estimate Â₁ … Â_T.
    collect(rollout);
    gae(kernel, rollout, config, estimates);
    const metrics = rolloutMetrics(rollout, estimates.advantages, policy);

    // Maximise the surrogate where KL(π ‖ π_old) ≤ δ; then let V follow the returns.
    const learningRate = config.learningRate * scheduled(config.learningRateSchedule, progress.iteration / iterations);
    const steps = (progress.iteration + 1) * stepsPerIteration;
    const improvement = improve(steps);
    const valueLoss = fit(learningRate, steps, (order) => shuffle(order, ordering));

    progress.iteration++;
    yield {
      steps,
      totalSteps: iterations * stepsPerIteration,
      policy,
      episodes: envs.drainEpisodes(),
      metrics: {
        ...metrics,
        ...improvement,
        valueLoss,
        explainedVariance: explainedVariance(batch.values, batch.returns, batch.size),
        learningRate,
      },
      snapshot: () => takeSnapshot(state),
    };
  }
}

/** Passes of gradient steps on mean (V − R)², over the critic's own parameters. Returns the mean of it; `reorder` decides each pass's order. */
export function createCriticFit(
  kernel: Kernel,
  policy: ActorCritic,
  optimizer: Optimizer,
  minibatches: Minibatches,
  config: Pick<TrpoConfig, "criticEpochs" | "batchSize" | "maxGradientNorm">,
): (learningRate: number, steps: number, reorder: (order: Int32Array) => void) => number {
  const rows = Math.min(config.batchSize, minibatches.order.length);
  const values = kernel.float32(rows);
  const dValues = kernel.float32(rows);

  return (learningRate, steps, reorder) => {
    const means = createAverages("valueLoss");
    for (let epoch = 0; epoch < config.criticEpochs; epoch++) {
      reorder(minibatches.order);
      for (const { observations, returns, size } of minibatches.epoch()) {
        policy.values(observations, size, values);
        means.add("valueLoss", squaredError(values, returns, size, dValues));
        policy.backwardValues(dValues, size);
        const place = { algorithm: "trpo", steps };
        descend(kernel, optimizer, policy.critic.gradients, learningRate, config.maxGradientNorm, place);
      }
    }
    return means.all().valueLoss;
  };
}
