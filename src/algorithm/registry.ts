import type { Box, Space } from "../env/space.ts";
import { type A2cConfig, a2c, a2cDefaults } from "./a2c.ts";
import { type A3cConfig, a3c, a3cDefaults } from "./a3c.ts";
import { type ActorCriticConfig, actorCritic, actorCriticDefaults } from "./actor-critic.ts";
import type { AlgorithmEntry, FlatAction } from "./algorithm.ts";
import { type PpoConfig, ppo, ppoDefaults } from "./ppo.ts";
import { a2cPresets } from "./preset/a2c.ts";
import { a3cPresets } from "./preset/a3c.ts";
import { actorCriticPresets } from "./preset/actor-critic.ts";
import { ppoPresets } from "./preset/ppo.ts";
import { reinforcePresets } from "./preset/reinforce.ts";
import { sacPresets } from "./preset/sac.ts";
import { trpoPresets } from "./preset/trpo.ts";
import { type ReinforceConfig, reinforce, reinforceDefaults } from "./reinforce.ts";
import { type SacConfig, sac, sacDefaults } from "./sac.ts";
import { type TrpoConfig, trpo, trpoDefaults } from "./trpo.ts";

const everyVector = ["discrete", "multi-discrete", "multi-binary", "box"] as const;

/** Every algorithm, by the name the command line knows it by. */
export const algorithms: Readonly<Record<AlgorithmName, AlgorithmEntry>> = {
  reinforce: describe<ReinforceConfig, FlatAction>({
    name: "reinforce",
    title: "REINFORCE, the Monte Carlo policy gradient",
    run: reinforce,
    defaults: reinforceDefaults,
    presets: reinforcePresets,
    actionSpaces: everyVector,
  }),
  "actor-critic": describe<ActorCriticConfig, FlatAction>({
    name: "actor-critic",
    title: "Actor-critic, online, with or without eligibility traces",
    run: actorCritic,
    defaults: actorCriticDefaults,
    presets: actorCriticPresets,
    actionSpaces: everyVector,
  }),
  a2c: describe<A2cConfig, FlatAction>({
    name: "a2c",
    title: "Advantage actor-critic, synchronous",
    run: a2c,
    defaults: a2cDefaults,
    presets: a2cPresets,
    actionSpaces: everyVector,
  }),
  a3c: describe<A3cConfig, FlatAction>({
    name: "a3c",
    title: "Advantage actor-critic, asynchronous, in several threads",
    run: a3c,
    defaults: a3cDefaults,
    presets: a3cPresets,
    actionSpaces: everyVector,
  }),
  ppo: describe<PpoConfig, FlatAction>({
    name: "ppo",
    title: "Proximal policy optimization",
    run: ppo,
    defaults: ppoDefaults,
    presets: ppoPresets,
    actionSpaces: everyVector,
  }),
  trpo: describe<TrpoConfig, FlatAction>({
    name: "trpo",
    title: "Trust region policy optimization",
    run: trpo,
    defaults: trpoDefaults,
    presets: trpoPresets,
    actionSpaces: everyVector,
  }),
  sac: describe<SacConfig, Box>({
    name: "sac",
    title: "Soft actor-critic",
    run: sac,
    defaults: sacDefaults,
    presets: sacPresets,
    actionSpaces: ["box"],
  }),
};

export type AlgorithmName = "reinforce" | "actor-critic" | "a2c" | "a3c" | "ppo" | "trpo" | "sac";

/** Forgets the types that only a caller who names the algorithm can know; options and spaces are checked as it starts. */
function describe<Config extends object, A extends Space>(entry: AlgorithmEntry<Config, A>): AlgorithmEntry {
  return entry as unknown as AlgorithmEntry;
}
