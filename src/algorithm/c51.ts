/**
 * C51: categorical distributions of the return.
 * Bellemare, Dabney & Munos 2017, https://arxiv.org/abs/1707.06887, Algorithm 1.
 */
import type { Env } from "../env/env.ts";
import type { Discrete, Space } from "../env/space.ts";
import { projectCategorical } from "../estimate/categorical-projection.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { argMax } from "../math/arg-max.ts";
import { crossEntropy } from "../objective/cross-entropy.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import { placeActions, takeActions } from "../policy/action-rows.ts";
import type { ActionValues } from "../policy/action-values.ts";
import type { ValueSupport } from "../policy/policy.ts";
import { createValueDistribution } from "../policy/value-distribution.ts";
import { actionValueMetrics } from "./action-value-metrics.ts";
import type { Report, Session } from "./algorithm.ts";
import { finite, integerOfAtLeast, type Rules, resolveConfig } from "./config.ts";
import { descend } from "./descend.ts";
import { greedyByMean } from "./greedy.ts";
import { prepareValueLearner, type ValueUpdate } from "./value-learner.ts";
import { valueLearnerDefaults, valueLearnerRules } from "./value-learner-options.ts";

/** CleanRL's defaults for classic control. */
export const c51Defaults = {
  ...valueLearnerDefaults,
  learningRate: 2.5e-4,
  bufferSize: 10_000,
  batchSize: 128,
  learningStarts: 10_000,
  trainFrequency: 10,
  maxGradientNorm: 0,
  /** ε of Adam. */
  optimizerEpsilon: 0.01 / 128,
  hidden: [120, 84] as readonly number[],
  targetUpdateInterval: 500,
  explorationFraction: 0.5,
  /** N: values that a return is told apart by, evenly spaced. */
  atoms: 101,
  /** V_min: the lowest of them. */
  minValue: -100,
  /** V_max: the highest of them. */
  maxValue: 100,
};

export type C51Config = typeof c51Defaults;

const rules: Rules<C51Config> = {
  ...valueLearnerRules,
  atoms: integerOfAtLeast(2),
  minValue: finite,
  maxValue: finite,
};

/** Yields every `reportEvery` steps. Takes Discrete actions. */
export async function* c51<O extends Space, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<C51Config> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("c51", c51Defaults, options, rules);
  const support = supportOf(config);
  const learner = prepareValueLearner("c51", makeEnv, config, session, support);
  const { kernel, policy, optimizer, progress } = learner;
  const update = createC51Update(kernel, policy, optimizer, support, config);
  const act = learner.explore(greedyByMean(kernel, policy, support, config.numEnvs));
  learner.begin();

  while (progress.steps < learner.totalSteps) {
    // With probability ε an action by chance, otherwise argmax_a Σ pᵢ(s, a) zᵢ; store (s, a, r, s′).
    learner.interact(act);

    // Every so many steps the target network becomes the network.
    learner.followTarget();

    // Sample a minibatch; project r + γ z of the best next action on the support; a gradient step on the cross-entropy.
    for (let due = learner.gradientSteps(); due > 0; due--) {
      learner.note(update(learner.sample(), learner.learningRate(), progress.steps));
    }
    if (learner.isReportDue()) yield learner.report();
  }
}

/** One gradient step on −Σ mᵢ log pᵢ(s, a), with m from the target network. */
export function createC51Update(
  kernel: Kernel,
  policy: ActionValues,
  optimizer: Optimizer,
  support: ValueSupport,
  { batchSize, maxGradientNorm }: Pick<C51Config, "batchSize" | "maxGradientNorm">,
): ValueUpdate {
  const { actions } = policy;
  const { atoms } = support;
  const numbers = (each: number) => kernel.float32(batchSize * each);
  const nextDistribution = createValueDistribution(kernel, support, batchSize * actions);
  const distribution = createValueDistribution(kernel, support, batchSize);
  const best = numbers(1);
  const bestNext = numbers(atoms);
  const targets = numbers(atoms);
  const logits = numbers(atoms);
  const dLogits = numbers(atoms);
  const dOutputs = numbers(actions * atoms);
  const losses = numbers(1);

  return (batch, learningRate, steps) => {
    const { size: n, nextMasks } = batch;
    // a* = argmax_a Σ zᵢ pᵢ(s′, a), and its distribution, moved by r and γ and projected: m.
    const next = nextDistribution.evaluate(policy.target.forward(batch.nextObservations, n), n * actions);
    const nextMeans = nextDistribution.means(next.probabilities, n * actions);
    for (let row = 0; row < n; row++) {
      best[row] = argMax(nextMeans, nextMasks, row * actions, (row + 1) * actions) - row * actions;
    }
    takeActions(next.probabilities, best, n, actions, atoms, bestNext);
    projectCategorical(batch, bestNext, support, targets);

    takeActions(policy.forward(batch.observations, n), batch.actions, n, actions, atoms, logits);
    const now = distribution.evaluate(logits, n);
    const means = distribution.means(now.probabilities, n);
    const loss = crossEntropy({ ...now, targets }, batch.weights, n, atoms, dLogits, losses);
    placeActions(dLogits, batch.actions, n, actions, atoms, dOutputs);
    policy.backward(dOutputs, n);
    const place = { algorithm: "c51", steps };
    const gradientNorm = descend(kernel, optimizer, policy.gradients, learningRate, maxGradientNorm, place);
    return {
      loss,
      ...actionValueMetrics([means], nextDistribution.means(targets, n), n),
      gradientNorm,
      errors: losses,
    };
  };
}

function supportOf({ atoms, minValue: low, maxValue: high }: C51Config): ValueSupport {
  if (low < high) return { low, high, atoms };
  throw new RangeError(`c51: minValue must be below maxValue, got ${low} and ${high}.`);
}
