import type { Preset } from "../algorithm.ts";
import type { C51Config } from "../c51.ts";

const cleanRl = "CleanRL, c51.py";

/** Tuned options by environment, with their source. */
export const c51Presets: Readonly<Record<string, Preset<C51Config>>> = {
  "CartPole-v1": { source: cleanRl, options: { totalSteps: 500_000 } },
  "Acrobot-v1": { source: cleanRl, options: { totalSteps: 500_000 } },
};
