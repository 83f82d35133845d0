import type { Preset } from "../algorithm.ts";
import type { DoubleQLearningConfig } from "../double-q-learning.ts";

/** Tuned options by environment, with their source. */
export const doubleQLearningPresets: Readonly<Record<string, Preset<DoubleQLearningConfig>>> = {};
