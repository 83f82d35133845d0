import type { Preset } from "../algorithm.ts";
import type { ReinforceConfig } from "../reinforce.ts";

/** Tuned options by environment, with their source. */
export const reinforcePresets: Readonly<Record<string, Preset<ReinforceConfig>>> = {
  "CartPole-v1": {
    source: "our own search, benchmark/learning",
    options: { totalSteps: 200_000, minSteps: 1000, learningRate: 0.01, learningRateSchedule: "linear" },
  },
};
