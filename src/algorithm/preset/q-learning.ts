import type { Preset } from "../algorithm.ts";
import type { QLearningConfig } from "../q-learning.ts";

/** Tuned options by environment, with their source. */
export const qLearningPresets: Readonly<Record<string, Preset<QLearningConfig>>> = {};
