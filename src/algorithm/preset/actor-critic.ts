import type { ActorCriticConfig } from "../actor-critic.ts";
import type { Preset } from "../algorithm.ts";

/** Tuned options by environment, with their source. */
export const actorCriticPresets: Readonly<Record<string, Preset<ActorCriticConfig>>> = {
  "CartPole-v1": {
    source: "our own search, benchmark/learning",
    options: {
      totalSteps: 300_000,
      numEnvs: 8,
      lambda: 0.8,
      discount: 0.98,
      learningRate: 1e-3,
      learningRateSchedule: "linear",
    },
  },
};
