import type { Env } from "../env/env.ts";
import type { Discrete, Space } from "../env/space.ts";
import { createOptimizer } from "../optimizer/create-optimizer.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import { type ActionValues, createActionValues } from "../policy/action-values.ts";
import type { ValueSupport } from "../policy/policy.ts";
import type { Transitions } from "../rollout/transitions.ts";
import type { Report, Session } from "./algorithm.ts";
import { epsilonGreedy, explorationAt } from "./epsilon-greedy.ts";
import { type Choose, type OffPolicy, prepareOffPolicy } from "./off-policy.ts";
import { createReports } from "./off-policy-reports.ts";
import { restoreSnapshot } from "./state.ts";
import type { ValueLearnerConfig } from "./value-learner-options.ts";

/** What DQN and what grew out of it works with. */
export interface ValueLearner<O extends Space, A extends Discrete>
  extends Pick<
    OffPolicy<O, A>,
    "kernel" | "progress" | "totalSteps" | "interact" | "gradientSteps" | "sample" | "learningRate" | "isReportDue"
  > {
  readonly policy: ActionValues<O, A>;
  readonly optimizer: Optimizer;
  /** ε-greedy, where the best action is what `greedy` says. */
  explore(greedy: Choose): Choose;
  /** Starts from the seed, or from the session's snapshot. */
  begin(): void;
  /** Moves the target network if it is time: τ of the way for each `targetUpdateInterval` steps that have passed. */
  followTarget(): void;
  /** Takes note of a gradient step on the last batch drawn, whose errors decide what is drawn next. */
  note(changes: ValueChanges): void;
  /** What has come about since the last report. */
  report(): Report<O, A>;
}

/** Means over the batch, each. */
const changeNames = ["loss", "actionValue", "temporalDifference", "gradientNorm"] as const;

/** What a gradient step says of itself. */
export interface ValueChanges extends Readonly<Record<(typeof changeNames)[number], number>> {
  /** How far each row was from its target, [M]; overwritten by the next step. */
  readonly errors: Float32Array;
}

/** One gradient step. `steps` is named in errors. */
export type ValueUpdate = (batch: Transitions, learningRate: number, steps: number) => ValueChanges;

/** All of it, fresh. With a `support`, the network puts out a distribution for each action. */
export function prepareValueLearner<O extends Space, A extends Discrete>(
  algorithm: string,
  makeEnv: () => Env<O, A>,
  config: ValueLearnerConfig,
  session: Session,
  support?: ValueSupport,
): ValueLearner<O, A> {
  const needs = { kind: "discrete", networks: 2, outputs: support?.atoms ?? 1 } as const;
  const learner = prepareOffPolicy(algorithm, makeEnv, config, needs, session);
  const { kernel, envs, progress, totalSteps } = learner;
  const shape = { ...config, ...(support && { support }) };
  const policy = createActionValues(
    kernel,
    envs,
    shape,
    Math.max(config.batchSize, config.numEnvs),
    learner.random.split(),
  );
  const optimizer = createOptimizer("adam", kernel, policy, config.optimizerEpsilon);
  const exploration = () => explorationAt(progress.steps / totalSteps, config);
  const state = {
    arrays: { parameters: policy.parameters, target: policy.target.parameters, ...optimizer.arrays },
    parts: learner.parts,
    stores: learner.stores,
  };
  const reports = createReports(learner, policy, state, changeNames);

  return {
    ...learner,
    policy,
    optimizer,
    explore: (greedy) => epsilonGreedy(policy.actions, exploration, learner.acting, greedy),

    begin() {
      if (session.resume) restoreSnapshot(algorithm, state, session.resume);
      learner.begin(session.resume !== undefined);
    },

    followTarget() {
      const { targetUpdateInterval: interval, tau, trainFrequency, numEnvs } = config;
      const before = progress.steps - trainFrequency * numEnvs;
      let left = 1;
      for (let due = Math.floor(progress.steps / interval) - Math.floor(before / interval); due > 0; due--) {
        left *= 1 - tau;
      }
      if (left === 0) policy.target.parameters.set(policy.parameters);
      else if (left < 1) kernel.polyak(policy.target.parameters, policy.parameters, 1 - left);
    },

    note(changes) {
      reports.note(changes);
      learner.prioritize(changes.errors);
    },

    report: () => reports.next({ exploration: exploration() }),
  };
}
