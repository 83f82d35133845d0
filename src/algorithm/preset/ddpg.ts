import type { Preset } from "../algorithm.ts";
import type { DdpgConfig } from "../ddpg.ts";

/** Tuned options by environment, with their source. */
export const ddpgPresets: Readonly<Record<string, Preset<DdpgConfig>>> = {
  "Pendulum-v1": {
    source:
      "our own search from rl-baselines3-zoo's, benchmark/learning: narrow networks, two gradient steps to one there",
    options: {
      totalSteps: 20_000,
      learningRateSchedule: "linear",
      discount: 0.98,
      learningStarts: 1000,
      gradientSteps: 2,
      hidden: [64, 64],
    },
  },
};
