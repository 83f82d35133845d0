import type { Preset } from "../algorithm.ts";
import type { DdpgConfig } from "../ddpg.ts";

const zoo = "rl-baselines3-zoo, hyperparams/ddpg.yml";

/** Tuned options by environment, with their source. */
export const ddpgPresets: Readonly<Record<string, Preset<DdpgConfig>>> = {
  "Pendulum-v1": {
    source: `${zoo}, with narrower networks, fewer steps by chance and learning after each step`,
    options: { totalSteps: 20_000, discount: 0.98, learningStarts: 1000, hidden: [64, 64] },
  },
};
