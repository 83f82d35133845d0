import type { Preset } from "../algorithm.ts";
import type { C51Config } from "../c51.ts";

/** Tuned options by environment, with their source; the defaults are CleanRL's. */
export const c51Presets: Readonly<Record<string, Preset<C51Config>>> = {
  "CartPole-v1": {
    source: "our preset for DQN, with 51 atoms from 0 to the most that rewards of 1 can be worth, 1/(1 − γ)",
    options: {
      totalSteps: 50_000,
      learningRate: 2.3e-3,
      learningRateSchedule: "linear",
      batchSize: 64,
      bufferSize: 100_000,
      learningStarts: 1000,
      discount: 0.99,
      nSteps: 3,
      targetUpdateInterval: 512,
      trainFrequency: 256,
      gradientSteps: 128,
      explorationFraction: 0.16,
      explorationFinal: 0.04,
      hidden: [64, 64],
      atoms: 51,
      minValue: 0,
      maxValue: 100,
    },
  },
  "Acrobot-v1": {
    source: "our preset for DQN, with 5 steps ahead, and 51 atoms from the least that rewards of −1 can be worth to 0",
    options: {
      totalSteps: 100_000,
      learningRate: 1e-3,
      learningRateSchedule: "linear",
      batchSize: 64,
      bufferSize: 50_000,
      learningStarts: 0,
      discount: 0.99,
      nSteps: 5,
      targetUpdateInterval: 250,
      trainFrequency: 4,
      gradientSteps: 1,
      explorationFraction: 0.12,
      explorationFinal: 0.05,
      hidden: [128, 128],
      atoms: 51,
      minValue: -100,
      maxValue: 0,
    },
  },
};
