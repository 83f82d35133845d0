import type { Preset } from "../algorithm.ts";
import type { TrpoConfig } from "../trpo.ts";

const zoo = "rl-baselines3-zoo, hyperparams/trpo.yml";

/** Tuned options by environment, with their source. */
export const trpoPresets: Readonly<Record<string, Preset<TrpoConfig>>> = {
  "CartPole-v1": {
    source: `${zoo}, with smaller minibatches for the critic`,
    options: {
      totalSteps: 100_000,
      numEnvs: 2,
      horizon: 512,
      batchSize: 128,
      damping: 1e-3,
      discount: 0.99,
      lambda: 0.98,
      learningRate: 1e-3,
      criticEpochs: 20,
    },
  },
  "Acrobot-v1": {
    source: `${zoo}, with more environments and a larger region`,
    options: {
      totalSteps: 150_000,
      numEnvs: 16,
      horizon: 128,
      targetKl: 0.02,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "MountainCarContinuous-v0": {
    source: `${zoo}, with a wide Gaussian and a longer view in place of its state-dependent exploration`,
    options: {
      totalSteps: 100_000,
      numEnvs: 2,
      horizon: 1024,
      discount: 0.999,
      initialLogStd: 1,
      normalizeObservations: true,
      normalizeRewards: true,
    },
  },
  "Pendulum-v1": {
    source: `${zoo}, with more environments, less damping and a longer view in place of its state-dependent exploration`,
    options: {
      totalSteps: 200_000,
      numEnvs: 4,
      horizon: 512,
      discount: 0.95,
      damping: 0.01,
      criticEpochs: 15,
    },
  },
};
