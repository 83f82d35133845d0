import type { Preset } from "../algorithm.ts";
import type { PpoConfig } from "../ppo.ts";

const zoo = "rl-baselines3-zoo, hyperparams/ppo.yml";

/** Tuned options by environment, with their source. */
export const ppoPresets: Readonly<Record<string, Preset<PpoConfig>>> = {
  "CartPole-v1": {
    source: zoo,
    options: {
      totalSteps: 100_000,
      numEnvs: 8,
      horizon: 32,
      batchSize: 256,
      epochs: 20,
      discount: 0.98,
      lambda: 0.8,
      learningRate: 1e-3,
      learningRateSchedule: "linear",
      clipRange: 0.2,
      clipRangeSchedule: "linear",
    },
  },
  "Acrobot-v1": {
    source: zoo,
    options: {
      totalSteps: 1_000_000,
      numEnvs: 16,
      horizon: 256,
      batchSize: 64,
      epochs: 4,
      discount: 0.99,
      lambda: 0.94,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "MountainCar-v0": {
    source: "our own search from rl-baselines3-zoo's, benchmark/learning",
    options: {
      totalSteps: 1_000_000,
      numEnvs: 16,
      horizon: 64,
      batchSize: 256,
      epochs: 10,
      discount: 0.99,
      lambda: 0.98,
      learningRate: 1e-3,
      learningRateSchedule: "linear",
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "MountainCarContinuous-v0": {
    source: "our own search, benchmark/learning: a wide Gaussian in place of the zoo's state-dependent exploration",
    options: {
      totalSteps: 300_000,
      numEnvs: 16,
      horizon: 256,
      batchSize: 256,
      epochs: 10,
      discount: 0.999,
      lambda: 0.95,
      learningRate: 3e-4,
      initialLogStd: 1,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "Pendulum-v1": {
    source: `${zoo}, with scaled rewards, a linear schedule and a longer view in place of its state-dependent exploration`,
    options: {
      totalSteps: 300_000,
      numEnvs: 4,
      horizon: 1024,
      batchSize: 64,
      epochs: 10,
      discount: 0.95,
      lambda: 0.95,
      learningRate: 1e-3,
      clipRange: 0.2,
      learningRateSchedule: "linear",
      normalizeRewards: true,
    },
  },
};
