import type { Preset } from "../algorithm.ts";
import type { SacConfig } from "../sac.ts";

const zoo = "rl-baselines3-zoo, hyperparams/sac.yml";

/** Tuned options by environment, with their source. */
export const sacPresets: Readonly<Record<string, Preset<SacConfig>>> = {
  "Pendulum-v1": {
    source: `${zoo}, with narrower networks`,
    options: { totalSteps: 20_000, learningRate: 1e-3, hidden: [64, 64] },
  },
};
