import type { Activation } from "../kernel/kernel.ts";
import { type Schedule, schedules } from "../math/schedule.ts";
import { type OptimizerName, optimizerNames } from "../optimizer/optimizer.ts";
import {
  finite,
  flag,
  naturalNumber,
  nonNegative,
  oneOf,
  positive,
  positiveInteger,
  type Rules,
  unitInterval,
  widths,
} from "./config.ts";

/** The options that mean the same in every on-policy algorithm. */
export const sharedDefaults = {
  /** Environment steps in all, summed over environments. */
  totalSteps: 1_000_000,
  /** N: environments stepped together. */
  numEnvs: 1,
  /** α: the optimizer's step size. */
  learningRate: 3e-4,
  /** How α goes to the end of the run: constant, linear or cosine (both to 0). */
  learningRateSchedule: "constant" as Schedule,
  /** γ: what a reward is worth a step later. */
  discount: 0.99,
  /** c₁: weight of the critic's squared error. */
  valueCoefficient: 0.5,
  /** c₂: weight of the policy's entropy. */
  entropyCoefficient: 0,
  /** Longest gradient; longer ones are scaled down to it. 0: no bound. */
  maxGradientNorm: 0.5,
  /** adam, rmsprop or sgd. */
  optimizer: "adam" as OptimizerName,
  /** ε of Adam and RMSProp. */
  optimizerEpsilon: 1e-5,
  /** Divide observations by their running deviation, after taking off their running mean. */
  normalizeObservations: false,
  /** Divide rewards by the running deviation of the discounted return; no mean is taken off. */
  normalizeRewards: false,
  /** Widths of the hidden layers. */
  hidden: [64, 64] as readonly number[],
  /** Of the hidden layers: tanh, relu, elu or identity. */
  activation: "tanh" as Activation,
  /** One trunk for policy and critic, or a network each. */
  sharedTrunk: false,
  /** Logarithm of the Gaussian's standard deviation at the start; Box actions only. */
  initialLogStd: 0,
  /** Decides every random number of the run. */
  seed: 0,
};

export type SharedConfig = typeof sharedDefaults;

export const sharedRules: Rules<SharedConfig> = {
  totalSteps: positiveInteger,
  numEnvs: positiveInteger,
  learningRate: positive,
  learningRateSchedule: oneOf(...schedules),
  discount: unitInterval,
  valueCoefficient: nonNegative,
  entropyCoefficient: nonNegative,
  maxGradientNorm: nonNegative,
  optimizer: oneOf(...optimizerNames),
  optimizerEpsilon: positive,
  normalizeObservations: flag,
  normalizeRewards: flag,
  hidden: widths,
  activation: oneOf("tanh", "relu", "elu", "identity"),
  sharedTrunk: flag,
  initialLogStd: finite,
  seed: naturalNumber,
};
