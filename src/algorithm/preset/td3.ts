import type { Preset } from "../algorithm.ts";
import type { Td3Config } from "../td3.ts";

/** Tuned options by environment, with their source. */
export const td3Presets: Readonly<Record<string, Preset<Td3Config>>> = {
  "Pendulum-v1": {
    source: "our own search from rl-baselines3-zoo's, benchmark/learning: narrow networks, little smoothing, no delay",
    options: {
      totalSteps: 20_000,
      discount: 0.98,
      batchSize: 128,
      learningStarts: 1000,
      nSteps: 3,
      policyDelay: 1,
      targetNoise: 0.05,
      hidden: [64, 64],
    },
  },
};
