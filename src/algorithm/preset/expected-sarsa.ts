import type { Preset } from "../algorithm.ts";
import type { ExpectedSarsaConfig } from "../expected-sarsa.ts";

const source = "our own search, benchmark/learning/exact.ts";

/** A constant ε, small enough that the best policy that explores so much is the best of all; in CliffWalking, 0.1 as in the book. */
export const expectedSarsaPresets: Readonly<Record<string, Preset<ExpectedSarsaConfig>>> = {
  "FrozenLake-v1": {
    source,
    options: {
      totalSteps: 1_000_000,
      learningRate: 1,
      learningRateExponent: 0.6,
      initialValue: 1,
      explorationInitial: 0.03,
      explorationFinal: 0.03,
    },
  },
  "FrozenLake8x8-v1": {
    source,
    options: {
      totalSteps: 5_000_000,
      learningRate: 1,
      learningRateExponent: 0.6,
      initialValue: 1,
      explorationInitial: 0.03,
      explorationFinal: 0.03,
    },
  },
  "CliffWalking-v1": {
    source,
    options: {
      totalSteps: 500_000,
      learningRate: 1,
      learningRateExponent: 0.7,
      discount: 1,
      explorationInitial: 0.1,
      explorationFinal: 0.1,
    },
  },
  "Taxi-v4": {
    source,
    options: {
      totalSteps: 1_000_000,
      learningRate: 1,
      explorationInitial: 0.5,
      explorationFinal: 0.02,
      explorationFraction: 0.5,
    },
  },
  "Blackjack-v1": {
    source,
    options: {
      totalSteps: 5_000_000,
      learningRate: 1,
      learningRateExponent: 0.9,
      discount: 1,
      explorationInitial: 0.1,
      explorationFinal: 0.1,
    },
  },
};
