/**
 * Deep Q-network.
 * Mnih et al. 2015, https://doi.org/10.1038/nature14236, Algorithm 1.
 */
import type { Env } from "../env/env.ts";
import type { Discrete, Space } from "../env/space.ts";
import { qTargets } from "../estimate/q-targets.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import type { ActionValues } from "../policy/action-values.ts";
import type { Report, Session } from "./algorithm.ts";
import { resolveConfig } from "./config.ts";
import { greedyByValue } from "./greedy.ts";
import { createQRegression } from "./q-regression.ts";
import { prepareValueLearner, type ValueUpdate } from "./value-learner.ts";
import { valueLearnerDefaults, valueLearnerRules } from "./value-learner-options.ts";

/** Stable-Baselines3's defaults. */
export const dqnDefaults = { ...valueLearnerDefaults };

export type DqnConfig = typeof dqnDefaults;

/** Yields every `reportEvery` steps. Takes Discrete actions. */
export async function* dqn<O extends Space, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<DqnConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("dqn", dqnDefaults, options, valueLearnerRules);
  const learner = prepareValueLearner("dqn", makeEnv, config, session);
  const { kernel, policy, optimizer, progress } = learner;
  const update = createDqnUpdate(kernel, policy, optimizer, config);
  const act = learner.explore(greedyByValue(policy));
  learner.begin();

  while (progress.steps < learner.totalSteps) {
    // With probability ε an action by chance, otherwise argmax_a Q(s, a); store (s, a, r, s′) in D.
    learner.interact(act);

    // Every C steps reset Q̂ = Q.
    learner.followTarget();

    // Sample a minibatch of transitions from D; y = r + γ max_a Q̂(s′, a); a gradient step on y − Q(s, a).
    for (let due = learner.gradientSteps(); due > 0; due--) {
      learner.note(update(learner.sample(), learner.learningRate(), progress.steps));
    }
    if (learner.isReportDue()) yield learner.report();
  }
}

/** One gradient step on Huber's loss of y − Q(s, a), with y from the target network. */
export function createDqnUpdate(
  kernel: Kernel,
  policy: ActionValues,
  optimizer: Optimizer,
  config: Pick<DqnConfig, "batchSize" | "maxGradientNorm">,
): ValueUpdate {
  const regression = createQRegression(kernel, policy, optimizer, config);
  return (batch, learningRate, steps) => {
    const nextValues = policy.target.forward(batch.nextObservations, batch.size);
    qTargets(batch, nextValues, policy.actions, regression.targets);
    return regression.step(batch, learningRate, { algorithm: "dqn", steps });
  };
}
