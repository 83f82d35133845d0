import type { Preset } from "../algorithm.ts";
import type { FittedQIterationConfig } from "../fitted-q-iteration.ts";

/** Tuned options by environment, with their source. */
export const fittedQIterationPresets: Readonly<Record<string, Preset<FittedQIterationConfig>>> = {
  "CarOnTheHill-v0": {
    source: "Ernst, Geurts & Wehenkel 2005, section 5.1, with a third of the transitions",
    options: { totalSteps: 20_000, discount: 0.95, iterations: 30 },
  },
};
