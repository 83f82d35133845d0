import type { Preset } from "../algorithm.ts";
import type { TrpoConfig } from "../trpo.ts";

const zoo = "rl-baselines3-zoo, hyperparams/trpo.yml";

/** Tuned options by environment, with their source. */
export const trpoPresets: Readonly<Record<string, Preset<TrpoConfig>>> = {
  "CartPole-v1": {
    source: zoo,
    options: {
      totalSteps: 100_000,
      numEnvs: 2,
      horizon: 512,
      batchSize: 512,
      damping: 1e-3,
      discount: 0.99,
      lambda: 0.98,
      learningRate: 1e-3,
      criticEpochs: 20,
    },
  },
};
