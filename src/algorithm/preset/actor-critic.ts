import type { Preset } from "../algorithm.ts";
import type { ActorCriticConfig } from "../actor-critic.ts";

/** Tuned options by environment, with their source. */
export const actorCriticPresets: Readonly<Record<string, Preset<ActorCriticConfig>>> = {
  "CartPole-v1": { source: "our own search, benchmark/learning", options: { totalSteps: 300_000 } },
};
