import type { Preset } from "../algorithm.ts";
import type { SacConfig } from "../sac.ts";

const zoo = "rl-baselines3-zoo, hyperparams/sac.yml";

/** Tuned options by environment, with their source. */
export const sacPresets: Readonly<Record<string, Preset<SacConfig>>> = {
  "Pendulum-v1": {
    source: `${zoo}, with narrower networks`,
    options: { totalSteps: 20_000, learningRate: 1e-3, hidden: [64, 64] },
  },
  "MountainCarContinuous-v0": {
    source: `${zoo}, with correlated noise in place of its state-dependent exploration, a shorter view and smaller batches`,
    options: {
      totalSteps: 50_000,
      learningRate: 1e-3,
      learningRateSchedule: "linear",
      batchSize: 128,
      bufferSize: 50_000,
      learningStarts: 0,
      trainFrequency: 32,
      gradientSteps: 32,
      tau: 0.01,
      learnTemperature: false,
      initialTemperature: 0.1,
      noiseCorrelation: 0.95,
      hidden: [64, 64],
    },
  },
};
