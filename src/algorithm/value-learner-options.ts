import { flag, positiveInteger, type Rules, unitInterval } from "./config.ts";
import { offPolicyDefaults, offPolicyRules, priorityDefaults, priorityRules } from "./off-policy-options.ts";

/** The options that mean the same in DQN and what grew out of it; Stable-Baselines3's defaults for DQN. */
export const valueLearnerDefaults = {
  ...offPolicyDefaults,
  ...priorityDefaults,
  learningRate: 1e-4,
  batchSize: 32,
  trainFrequency: 4,
  maxGradientNorm: 10,
  /** C: environment steps between updates of the target network. */
  targetUpdateInterval: 10_000,
  /** τ: how far an update takes the target network towards the network. 1: all the way. */
  tau: 1,
  /** ε at the start: share of the actions that are taken by chance. */
  explorationInitial: 1,
  /** ε at the end. */
  explorationFinal: 0.05,
  /** Share of the run over which ε goes from the one to the other, along a line. */
  explorationFraction: 0.1,
  /** A stream for the state's value and one for the advantages of actions, each with the last of the hidden layers. */
  dueling: false,
};

export type ValueLearnerConfig = typeof valueLearnerDefaults;

export const valueLearnerRules: Rules<ValueLearnerConfig> = {
  ...offPolicyRules,
  ...priorityRules,
  targetUpdateInterval: positiveInteger,
  tau: unitInterval,
  explorationInitial: unitInterval,
  explorationFinal: unitInterval,
  explorationFraction: unitInterval,
  dueling: flag,
};
