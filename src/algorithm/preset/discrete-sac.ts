import type { Preset } from "../algorithm.ts";
import type { DiscreteSacConfig } from "../discrete-sac.ts";

/** Tuned options by environment, with their source. */
export const discreteSacPresets: Readonly<Record<string, Preset<DiscreteSacConfig>>> = {
  "CartPole-v1": {
    source: "our own search, benchmark/learning",
    options: {
      totalSteps: 100_000,
      learningRate: 1e-3,
      learningRateSchedule: "linear",
      discount: 0.98,
      batchSize: 128,
      learningStarts: 1000,
      trainFrequency: 4,
      nSteps: 5,
      tau: 0.01,
      targetEntropyScale: 0.7,
      hidden: [64, 64],
    },
  },
};
