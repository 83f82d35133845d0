import type { A2cConfig } from "../a2c.ts";
import type { Preset } from "../algorithm.ts";

const zoo = "rl-baselines3-zoo, hyperparams/a2c.yml";

/** Tuned options by environment, with their source. */
export const a2cPresets: Readonly<Record<string, Preset<A2cConfig>>> = {
  "CartPole-v1": { source: zoo, options: { totalSteps: 500_000, numEnvs: 8 } },
  "Acrobot-v1": {
    source: zoo,
    options: { totalSteps: 500_000, numEnvs: 16, normalizeObservations: true, normalizeRewards: true },
  },
  "Pendulum-v1": {
    source: `${zoo}, with a larger step, more environments and raw observations in place of its state-dependent exploration`,
    options: {
      totalSteps: 1_000_000,
      numEnvs: 16,
      horizon: 8,
      lambda: 0.9,
      discount: 0.9,
      valueCoefficient: 0.4,
      learningRate: 3e-3,
      learningRateSchedule: "linear",

      normalizeRewards: true,
    },
  },
};
