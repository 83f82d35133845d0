import type { Preset } from "../algorithm.ts";
import type { Td3Config } from "../td3.ts";

const zoo = "rl-baselines3-zoo, hyperparams/td3.yml";

/** Tuned options by environment, with their source. */
export const td3Presets: Readonly<Record<string, Preset<Td3Config>>> = {
  "Pendulum-v1": {
    source: `${zoo}, with narrower networks, fewer steps by chance and learning after each step`,
    options: { totalSteps: 20_000, discount: 0.98, learningStarts: 1000, hidden: [64, 64] },
  },
};
