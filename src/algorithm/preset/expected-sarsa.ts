import type { Preset } from "../algorithm.ts";
import type { ExpectedSarsaConfig } from "../expected-sarsa.ts";

/** Tuned options by environment, with their source. */
export const expectedSarsaPresets: Readonly<Record<string, Preset<ExpectedSarsaConfig>>> = {};
