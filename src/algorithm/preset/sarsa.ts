import type { Preset } from "../algorithm.ts";
import type { SarsaConfig } from "../sarsa.ts";

/** Tuned options by environment, with their source. */
export const sarsaPresets: Readonly<Record<string, Preset<SarsaConfig>>> = {};
