import { type ExplorationName, explorationNames } from "../policy/exploration.ts";
import { finite, nonNegative, oneOf, positive, positiveInteger, type Rules, unitInterval } from "./config.ts";
import { sharedDefaults, sharedRules } from "./shared-options.ts";

/** The options that mean the same in every algorithm that learns a table. */
export const tabularDefaults = {
  totalSteps: sharedDefaults.totalSteps,
  numEnvs: sharedDefaults.numEnvs,
  /** α: how far a value goes towards its target. */
  learningRate: 0.1,
  /** ω: α is divided by n^ω at the nth visit of a state and action; to converge it needs ½ < ω ≤ 1. 0: α stays. */
  learningRateExponent: 0,
  discount: sharedDefaults.discount,
  /** epsilon-greedy, or boltzmann: π(a|s) ∝ exp(Q(s, a) / τ). */
  exploration: "epsilon-greedy" as ExplorationName,
  /** ε at the start; with boltzmann, τ. */
  explorationInitial: 1,
  /** ε, or τ, in the end. */
  explorationFinal: 0.05,
  /** Share of the run over which it goes from the one to the other, along a line. */
  explorationFraction: 0.1,
  /** Q(s, a) before anything is learned. More than can be won makes every action worth a try. */
  initialValue: 0,
  /** Environment steps between reports. */
  reportEvery: 1000,
  seed: sharedDefaults.seed,
};

export type TabularConfig = typeof tabularDefaults;

export const tabularRules: Rules<TabularConfig> = {
  totalSteps: sharedRules.totalSteps,
  numEnvs: sharedRules.numEnvs,
  learningRate: positive,
  learningRateExponent: nonNegative,
  discount: unitInterval,
  exploration: oneOf(...explorationNames),
  explorationInitial: nonNegative,
  explorationFinal: nonNegative,
  explorationFraction: unitInterval,
  initialValue: finite,
  reportEvery: positiveInteger,
  seed: sharedRules.seed,
};

/** Refuses what no rule for one option alone can: ε is a share, τ divides. */
export function requireExploration(algorithm: string, config: TabularConfig): void {
  for (const name of ["explorationInitial", "explorationFinal"] as const) {
    const amount = config[name];
    if (config.exploration === "epsilon-greedy" ? amount <= 1 : amount > 0) continue;
    const wanted = config.exploration === "epsilon-greedy" ? "lie in [0, 1]" : "be above 0";
    throw new RangeError(
      `${algorithm}: with exploration "${config.exploration}", ${name} must ${wanted}, got ${amount}.`,
    );
  }
}
