import type { A3cConfig } from "../a3c.ts";
import type { Preset } from "../algorithm.ts";

/** Tuned options by environment, with their source. */
export const a3cPresets: Readonly<Record<string, Preset<A3cConfig>>> = {
  "CartPole-v1": {
    source: "Mnih et al. 2016, with a step size and a length for CartPole",
    options: { totalSteps: 500_000 },
  },
};
