import type { Preset } from "../algorithm.ts";
import type { QLearningConfig } from "../q-learning.ts";

const source = "our own search, benchmark/learning/exact.ts";

/** Where moves are by chance, α falls with the visits; where they are not, it need not. */
export const qLearningPresets: Readonly<Record<string, Preset<QLearningConfig>>> = {
  "FrozenLake-v1": {
    source,
    options: {
      totalSteps: 500_000,
      learningRate: 1,
      learningRateExponent: 0.7,
      initialValue: 1,
      explorationFinal: 0,
      explorationFraction: 1,
    },
  },
  "FrozenLake8x8-v1": {
    source,
    options: {
      totalSteps: 5_000_000,
      learningRate: 1,
      learningRateExponent: 0.6,
      initialValue: 1,
      explorationInitial: 0.5,
      explorationFinal: 0.2,
      explorationFraction: 1,
    },
  },
  "CliffWalking-v1": {
    source,
    options: { totalSteps: 50_000, learningRate: 0.5, discount: 1, explorationInitial: 0.1, explorationFinal: 0.1 },
  },
  "Taxi-v4": { source, options: { totalSteps: 500_000, learningRate: 1, explorationFinal: 0, explorationFraction: 1 } },
  "Blackjack-v1": {
    source,
    options: {
      totalSteps: 5_000_000,
      learningRate: 1,
      learningRateExponent: 0.9,
      discount: 1,
      explorationInitial: 1,
      explorationFinal: 1,
    },
  },
};
