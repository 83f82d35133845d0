import type { HindsightStrategy } from "../rollout/hindsight.ts";
import {
  flag,
  naturalNumber,
  nonNegative,
  oneOf,
  positive,
  positiveInteger,
  type Rules,
  unitInterval,
} from "./config.ts";
import { sharedDefaults, sharedRules } from "./shared-options.ts";

/** The options that mean the same in every algorithm that learns from a replay. */
export const offPolicyDefaults = {
  totalSteps: sharedDefaults.totalSteps,
  numEnvs: sharedDefaults.numEnvs,
  /** α: the optimizer's step size. */
  learningRate: 3e-4,
  learningRateSchedule: sharedDefaults.learningRateSchedule,
  discount: sharedDefaults.discount,
  /** Rows of the replay: one a transition, one more an episode. Older ones are overwritten. */
  bufferSize: 1_000_000,
  /** M: transitions per gradient step. */
  batchSize: 256,
  /** Environment steps by chance before anything is learned. */
  learningStarts: 100,
  /** Steps per environment between rounds of learning. */
  trainFrequency: 1,
  /** Gradient steps per round. 0: as many as there were environment steps. */
  gradientSteps: 1,
  /** n: steps that a target looks ahead before it asks the value. */
  nSteps: 1,
  /** Longest gradient; longer ones are scaled down to it. 0: no bound. */
  maxGradientNorm: 0,
  /** ε of Adam. */
  optimizerEpsilon: 1e-8,
  hidden: sharedDefaults.hidden,
  /** Of the hidden layers: tanh, relu, elu or identity. */
  activation: "relu" as typeof sharedDefaults.activation,
  /** What takes the place of the goal in what is replayed, in goal environments: none, final or future. */
  hindsight: "none" as HindsightStrategy | "none",
  /** k: replays with a goal of hindsight for each with the goal that was set. */
  hindsightGoals: 4,
  /** Environment steps between reports. */
  reportEvery: 1000,
  seed: sharedDefaults.seed,
};

export type OffPolicyConfig = typeof offPolicyDefaults;

export const offPolicyRules: Rules<OffPolicyConfig> = {
  totalSteps: sharedRules.totalSteps,
  numEnvs: sharedRules.numEnvs,
  learningRate: positive,
  learningRateSchedule: sharedRules.learningRateSchedule,
  discount: unitInterval,
  bufferSize: positiveInteger,
  batchSize: positiveInteger,
  learningStarts: naturalNumber,
  trainFrequency: positiveInteger,
  gradientSteps: naturalNumber,
  nSteps: positiveInteger,
  maxGradientNorm: nonNegative,
  optimizerEpsilon: positive,
  hidden: sharedRules.hidden,
  activation: sharedRules.activation,
  hindsight: oneOf("none", "final", "future"),
  hindsightGoals: positive,
  reportEvery: positiveInteger,
  seed: sharedRules.seed,
};

/** The options of draws by priority, for algorithms whose errors are those of values. */
export const priorityDefaults = {
  /** Draw transitions in proportion to the size of their error, and weight them for it. */
  prioritized: false,
  /** α of the priorities: 0 draws evenly, 1 in full proportion. */
  priorityExponent: 0.6,
  /** β of the importance weights at the start; it grows to 1 at the end of the run. */
  importanceExponent: 0.4,
};

export type PriorityConfig = typeof priorityDefaults;

export const priorityRules: Rules<PriorityConfig> = {
  prioritized: flag,
  priorityExponent: unitInterval,
  importanceExponent: unitInterval,
};
