/**
 * Double DQN: the network chooses the next action, the target network judges it.
 * Van Hasselt, Guez & Silver 2016, https://arxiv.org/abs/1509.06461, eq. 4.
 */
import type { Env } from "../env/env.ts";
import type { Discrete, Space } from "../env/space.ts";
import { doubleQTargets } from "../estimate/q-targets.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import type { ActionValues } from "../policy/action-values.ts";
import type { Report, Session } from "./algorithm.ts";
import { resolveConfig } from "./config.ts";
import { greedyByValue } from "./greedy.ts";
import { createQRegression } from "./q-regression.ts";
import { prepareValueLearner, type ValueUpdate } from "./value-learner.ts";
import { valueLearnerDefaults, valueLearnerRules } from "./value-learner-options.ts";

/** DQN's defaults. */
export const doubleDqnDefaults = { ...valueLearnerDefaults };

export type DoubleDqnConfig = typeof doubleDqnDefaults;

/** Yields every `reportEvery` steps. Takes Discrete actions. */
export async function* doubleDqn<O extends Space, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<DoubleDqnConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("double-dqn", doubleDqnDefaults, options, valueLearnerRules);
  const learner = prepareValueLearner("double-dqn", makeEnv, config, session);
  const { kernel, policy, optimizer, progress } = learner;
  const update = createDoubleDqnUpdate(kernel, policy, optimizer, config);
  const act = learner.explore(greedyByValue(policy));
  learner.begin();

  while (progress.steps < learner.totalSteps) {
    // With probability ε an action by chance, otherwise argmax_a Q(s, a); store (s, a, r, s′) in D.
    learner.interact(act);

    // Every C steps reset Q̂ = Q.
    learner.followTarget();

    // Sample a minibatch of transitions from D; y = r + γ Q̂(s′, argmax_a Q(s′, a)); a gradient step on y − Q(s, a).
    for (let due = learner.gradientSteps(); due > 0; due--) {
      learner.note(update(learner.sample(), learner.learningRate(), progress.steps));
    }
    if (learner.isReportDue()) yield learner.report();
  }
}

/** One gradient step on Huber's loss of y − Q(s, a), with y from both networks. */
export function createDoubleDqnUpdate(
  kernel: Kernel,
  policy: ActionValues,
  optimizer: Optimizer,
  config: Pick<DoubleDqnConfig, "batchSize" | "maxGradientNorm">,
): ValueUpdate {
  const regression = createQRegression(kernel, policy, optimizer, config);
  return (batch, learningRate, steps) => {
    const choosers = policy.forward(batch.nextObservations, batch.size);
    const nextValues = policy.target.forward(batch.nextObservations, batch.size);
    doubleQTargets(batch, choosers, nextValues, policy.actions, regression.targets);
    return regression.step(batch, learningRate, { algorithm: "double-dqn", steps });
  };
}
