import type { Preset } from "../algorithm.ts";
import type { DqnConfig } from "../dqn.ts";

const zoo = "rl-baselines3-zoo, hyperparams/dqn.yml";

/** Tuned options by environment, with their source. */
export const dqnPresets: Readonly<Record<string, Preset<DqnConfig>>> = {
  "CartPole-v1": {
    source: `${zoo}, with 3 steps ahead, a falling step size, a target that stands twice as long, and a smaller network`,
    options: {
      totalSteps: 50_000,
      learningRate: 2.3e-3,
      learningRateSchedule: "linear",
      batchSize: 64,
      bufferSize: 100_000,
      learningStarts: 1000,
      discount: 0.99,
      nSteps: 3,
      targetUpdateInterval: 512,
      trainFrequency: 256,
      gradientSteps: 128,
      explorationFraction: 0.16,
      explorationFinal: 0.04,
      hidden: [64, 64],
    },
  },
  "MountainCar-v0": {
    source: `${zoo}, with 5 steps ahead, a falling step size, smaller minibatches and a smaller network`,
    options: {
      totalSteps: 120_000,
      learningRate: 4e-3,
      learningRateSchedule: "linear",
      batchSize: 64,
      bufferSize: 10_000,
      learningStarts: 1000,
      discount: 0.98,
      nSteps: 5,
      targetUpdateInterval: 600,
      trainFrequency: 16,
      gradientSteps: 8,
      explorationFraction: 0.2,
      explorationFinal: 0.07,
      hidden: [128, 128],
    },
  },
  "Acrobot-v1": {
    source: `${zoo}, with a falling step size, and half of the gradient steps, on smaller minibatches and a smaller network`,
    options: {
      totalSteps: 100_000,
      learningRate: 6.3e-4,
      learningRateSchedule: "linear",
      batchSize: 64,
      bufferSize: 50_000,
      learningStarts: 0,
      discount: 0.99,
      targetUpdateInterval: 250,
      trainFrequency: 4,
      gradientSteps: 2,
      explorationFraction: 0.12,
      explorationFinal: 0.05,
      hidden: [128, 128],
    },
  },
  "BitFlip-v0": {
    source: "our own choice, which learns fifteen bits too: benchmark/learning/bit-flip.ts",
    options: {
      totalSteps: 20_000,
      learningRate: 1e-3,
      batchSize: 64,
      bufferSize: 100_000,
      learningStarts: 1000,
      discount: 0.98,
      targetUpdateInterval: 500,
      trainFrequency: 1,
      explorationFraction: 0.3,
      hidden: [64],
      hindsight: "future",
    },
  },
};
