import type { Preset } from "../algorithm.ts";
import type { DoubleDqnConfig } from "../double-dqn.ts";
import { dqnPresets } from "./dqn.ts";

/** DQN's, so that the two can be compared. */
export const doubleDqnPresets: Readonly<Record<string, Preset<DoubleDqnConfig>>> = dqnPresets;
