/**
 * Fitted Q-iteration: from a fixed batch of transitions, one regression after another.
 * Ernst, Geurts & Wehenkel 2005, https://jmlr.org/papers/v6/ernst05a.html, figure 1, with extremely randomised trees;
 * or with a network, as in Riedmiller 2005, https://doi.org/10.1007/11564096_32.
 */
import type { Env } from "../env/env.ts";
import { type Discrete, flatSize, type Space } from "../env/space.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { createRandom, type Random } from "../math/random.ts";
import type { Policy } from "../policy/policy.ts";
import type { Report, Session } from "./algorithm.ts";
import { naturalNumber, oneOf, positive, positiveInteger, type Rules, resolveConfig } from "./config.ts";
import { type FixedBatch, fixedBatch, requireBatch } from "./fixed-batch.ts";
import { assertFinite } from "./non-finite-error.ts";
import { prepareOffPolicy } from "./off-policy.ts";
import { offPolicyDefaults, offPolicyRules } from "./off-policy-options.ts";
import { forestRegressor, networkRegressor, type QRegressor } from "./q-regressor.ts";
import { sessionKernel } from "./session-kernel.ts";
import { sharedRules } from "./shared-options.ts";
import { restoreSnapshot, takeSnapshot } from "./state.ts";

export const fittedQIterationDefaults = {
  /** Transitions in the batch, gathered by actions by chance. */
  totalSteps: 10_000,
  numEnvs: offPolicyDefaults.numEnvs,
  discount: offPolicyDefaults.discount,
  /** Regressions, each of which looks a step further ahead. */
  iterations: 50,
  /** trees, extremely randomised ones, or network. */
  regressor: "trees" as "trees" | "network",
  /** M: trees for each action. */
  trees: 50,
  /** n_min: fewer transitions than this are a leaf. */
  minSplit: 2,
  /** K: inputs tried at each split. 0: all of them. */
  splitCandidates: 0,
  /** Passes over the batch in each regression; network only. */
  epochs: 20,
  learningRate: 1e-3,
  /** M: transitions per gradient step; network only. */
  batchSize: 64,
  optimizerEpsilon: offPolicyDefaults.optimizerEpsilon,
  hidden: offPolicyDefaults.hidden,
  activation: "tanh" as typeof offPolicyDefaults.activation,
  reportEvery: offPolicyDefaults.reportEvery,
  seed: offPolicyDefaults.seed,
};

export type FittedQIterationConfig = typeof fittedQIterationDefaults;

const rules: Rules<FittedQIterationConfig> = {
  totalSteps: offPolicyRules.totalSteps,
  numEnvs: offPolicyRules.numEnvs,
  discount: offPolicyRules.discount,
  iterations: positiveInteger,
  regressor: oneOf("trees", "network"),
  trees: positiveInteger,
  minSplit: positiveInteger,
  splitCandidates: naturalNumber,
  epochs: positiveInteger,
  learningRate: positive,
  batchSize: positiveInteger,
  optimizerEpsilon: positive,
  hidden: sharedRules.hidden,
  activation: sharedRules.activation,
  reportEvery: positiveInteger,
  seed: sharedRules.seed,
};

/** Yields every `reportEvery` steps while it gathers the batch, then after every regression. Takes Discrete actions. */
export async function* fittedQIteration<O extends Space, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<FittedQIterationConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("fitted-q-iteration", fittedQIterationDefaults, options, rules);
  const { totalSteps: size, numEnvs } = config;
  const byChanceAlone = { ...offPolicyDefaults, ...config, learningStarts: size, bufferSize: 2 * size + 3 * numEnvs };
  const needs = { kind: "discrete", networks: 2, outputs: 1 } as const;
  const learner = prepareOffPolicy("fitted-q-iteration", makeEnv, byChanceAlone, needs, session);
  const { kernel, envs, progress, totalSteps, replay } = learner;
  const fitting = learner.random.split();
  const regressor = createRegressor(kernel, envs, config, learner.random.split(), fitting);
  const state = {
    arrays: regressor.arrays,
    parts: { ...learner.parts, fitting },
    stores: [...learner.stores, ...regressor.stores],
  };
  if (session.resume) restoreSnapshot("fitted-q-iteration", state, session.resume);
  learner.begin(session.resume !== undefined);
  const report = (metrics: Report["metrics"], goesOn: boolean): Report<O, A> => ({
    steps: progress.steps,
    totalSteps,
    goesOn,
    policy: regressor.policy,
    episodes: envs.drainEpisodes(),
    metrics: { ...metrics, updates: progress.updates },
    snapshot: () => takeSnapshot(state),
  });

  // The batch: one-step transitions, from actions by chance.
  while (progress.steps < totalSteps) {
    learner.interact(() => {});
    if (learner.isReportDue()) yield report({}, true);
  }

  // Q₀ = 0; for N = 1, 2, …: from i = (s, a) to o = r + γ max_a Q_{N−1}(s′, a), learn Q_N.
  const regress = createRound(fixedBatch(replay), regressor, config.discount);
  while (progress.updates < config.iterations) {
    const metrics = regress(progress.updates === 0);
    progress.updates++;
    yield report(metrics, progress.updates < config.iterations);
  }
}

/** What has been learned after a regression. */
export interface FittedQ<O extends Space, A extends Discrete> {
  /** Counted from 1. */
  readonly iteration: number;
  /** The live policy, greedy on Q. */
  readonly policy: Policy<O, A>;
  readonly metrics: Report["metrics"];
}

/** The same from transitions of your own, a log for instance. Yields after every regression. */
export function* fitActionValues<O extends Space, A extends Discrete>(
  batch: FixedBatch,
  spaces: { readonly observationSpace: O; readonly actionSpace: A },
  options: Partial<FittedQIterationConfig> = {},
  session: Pick<Session, "kernel"> = {},
): Generator<FittedQ<O, A>, void, void> {
  const config = resolveConfig("fitActionValues", fittedQIterationDefaults, options, rules);
  requireBatch("fitActionValues", batch, flatSize(spaces.observationSpace), spaces.actionSpace.n);
  const random = createRandom(config.seed);
  const kernel = sessionKernel(session, 2 ** 26);
  const regressor = createRegressor(kernel, spaces, config, random.split(), random.split());
  const regress = createRound(batch, regressor, config.discount);
  for (let iteration = 1; iteration <= config.iterations; iteration++) {
    yield { metrics: regress(iteration === 1), iteration, policy: regressor.policy };
  }
}

function createRegressor<O extends Space, A extends Discrete>(
  kernel: Kernel,
  spaces: { readonly observationSpace: O; readonly actionSpace: A },
  config: FittedQIterationConfig,
  initial: Random,
  fitting: Random,
): QRegressor<O, A> {
  return config.regressor === "trees"
    ? forestRegressor(spaces, config, fitting)
    : networkRegressor(kernel, spaces, config, initial, fitting);
}

/** One regression, on r + γ max_a Q(s′, a) of what was learned before; the first, on r alone. */
function createRound<O extends Space, A extends Discrete>(
  batch: FixedBatch,
  regressor: QRegressor<O, A>,
  discount: number,
): (isFirst: boolean) => Report["metrics"] {
  const { size, actions, rewards, observations, nextObservations, terminated, nextMasks } = batch;
  const choices = regressor.policy.actionSpace.n;
  const values = new Float32Array(size * choices);
  const targets = new Float32Array(size);

  return (isFirst) => {
    regressor.evaluate(nextObservations, size, values);
    for (let i = 0; i < size; i++) {
      let best = -Infinity;
      for (let action = 0; action < choices; action++) {
        if (nextMasks?.[i * choices + action] !== 0) best = Math.max(best, values[i * choices + action]);
      }
      targets[i] = rewards[i] + (isFirst || terminated[i] ? 0 : discount * best);
    }
    regressor.evaluate(observations, size, values);
    let actionValue = 0;
    let temporalDifference = 0;
    for (let i = 0; i < size; i++) {
      const value = values[i * choices + actions[i]];
      actionValue += value / size;
      temporalDifference += Math.abs(targets[i] - value) / size;
    }
    assertFinite("fitted-q-iteration", "update", size, "the targets' mean distance from Q", temporalDifference);
    regressor.fit(batch, targets);
    return { actionValue, temporalDifference };
  };
}
