import type { Countable } from "../env/countable.ts";
import type { Box, Discrete, Space } from "../env/space.ts";
import { type A2cConfig, a2c, a2cDefaults } from "./a2c.ts";
import { type A3cConfig, a3c, a3cDefaults } from "./a3c.ts";
import { type ActorCriticConfig, actorCritic, actorCriticDefaults } from "./actor-critic.ts";
import type { AlgorithmEntry, FlatAction } from "./algorithm.ts";
import { type C51Config, c51, c51Defaults } from "./c51.ts";
import { type DdpgConfig, ddpg, ddpgDefaults } from "./ddpg.ts";
import { type DiscreteSacConfig, discreteSac, discreteSacDefaults } from "./discrete-sac.ts";
import { type DoubleDqnConfig, doubleDqn, doubleDqnDefaults } from "./double-dqn.ts";
import { type DoubleQLearningConfig, doubleQLearning, doubleQLearningDefaults } from "./double-q-learning.ts";
import { type DqnConfig, dqn, dqnDefaults } from "./dqn.ts";
import { type ExpectedSarsaConfig, expectedSarsa, expectedSarsaDefaults } from "./expected-sarsa.ts";
import { type FittedQIterationConfig, fittedQIteration, fittedQIterationDefaults } from "./fitted-q-iteration.ts";
import { type PpoConfig, ppo, ppoDefaults } from "./ppo.ts";
import { a2cPresets } from "./preset/a2c.ts";
import { a3cPresets } from "./preset/a3c.ts";
import { actorCriticPresets } from "./preset/actor-critic.ts";
import { c51Presets } from "./preset/c51.ts";
import { ddpgPresets } from "./preset/ddpg.ts";
import { discreteSacPresets } from "./preset/discrete-sac.ts";
import { doubleDqnPresets } from "./preset/double-dqn.ts";
import { doubleQLearningPresets } from "./preset/double-q-learning.ts";
import { dqnPresets } from "./preset/dqn.ts";
import { expectedSarsaPresets } from "./preset/expected-sarsa.ts";
import { fittedQIterationPresets } from "./preset/fitted-q-iteration.ts";
import { ppoPresets } from "./preset/ppo.ts";
import { qLearningPresets } from "./preset/q-learning.ts";
import { reinforcePresets } from "./preset/reinforce.ts";
import { sacPresets } from "./preset/sac.ts";
import { sarsaPresets } from "./preset/sarsa.ts";
import { td3Presets } from "./preset/td3.ts";
import { trpoPresets } from "./preset/trpo.ts";
import { type QLearningConfig, qLearning, qLearningDefaults } from "./q-learning.ts";
import { type ReinforceConfig, reinforce, reinforceDefaults } from "./reinforce.ts";
import { type SacConfig, sac, sacDefaults } from "./sac.ts";
import { type SarsaConfig, sarsa, sarsaDefaults } from "./sarsa.ts";
import { type Td3Config, td3, td3Defaults } from "./td3.ts";
import { type TrpoConfig, trpo, trpoDefaults } from "./trpo.ts";

const everyObservation = ["discrete", "multi-discrete", "multi-binary", "box", "dict", "tuple"] as const;
const countable = ["discrete", "multi-discrete", "tuple"] as const;
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
    observationSpaces: everyObservation,
  }),
  "actor-critic": describe<ActorCriticConfig, FlatAction>({
    name: "actor-critic",
    title: "Actor-critic, online, with or without eligibility traces",
    run: actorCritic,
    defaults: actorCriticDefaults,
    presets: actorCriticPresets,
    actionSpaces: everyVector,
    observationSpaces: everyObservation,
  }),
  a2c: describe<A2cConfig, FlatAction>({
    name: "a2c",
    title: "Advantage actor-critic, synchronous",
    run: a2c,
    defaults: a2cDefaults,
    presets: a2cPresets,
    actionSpaces: everyVector,
    observationSpaces: everyObservation,
  }),
  a3c: describe<A3cConfig, FlatAction>({
    name: "a3c",
    title: "Advantage actor-critic, asynchronous, in several threads",
    run: a3c,
    defaults: a3cDefaults,
    presets: a3cPresets,
    actionSpaces: everyVector,
    observationSpaces: everyObservation,
  }),
  ppo: describe<PpoConfig, FlatAction>({
    name: "ppo",
    title: "Proximal policy optimization",
    run: ppo,
    defaults: ppoDefaults,
    presets: ppoPresets,
    actionSpaces: everyVector,
    observationSpaces: everyObservation,
  }),
  trpo: describe<TrpoConfig, FlatAction>({
    name: "trpo",
    title: "Trust region policy optimization",
    run: trpo,
    defaults: trpoDefaults,
    presets: trpoPresets,
    actionSpaces: everyVector,
    observationSpaces: everyObservation,
  }),
  ddpg: describe<DdpgConfig, Box>({
    name: "ddpg",
    title: "Deep deterministic policy gradient",
    run: ddpg,
    defaults: ddpgDefaults,
    presets: ddpgPresets,
    actionSpaces: ["box"],
    observationSpaces: everyObservation,
  }),
  td3: describe<Td3Config, Box>({
    name: "td3",
    title: "Twin delayed deep deterministic policy gradient",
    run: td3,
    defaults: td3Defaults,
    presets: td3Presets,
    actionSpaces: ["box"],
    observationSpaces: everyObservation,
  }),
  sac: describe<SacConfig, Box>({
    name: "sac",
    title: "Soft actor-critic",
    run: sac,
    defaults: sacDefaults,
    presets: sacPresets,
    actionSpaces: ["box"],
    observationSpaces: everyObservation,
  }),
  "discrete-sac": describe<DiscreteSacConfig, Discrete>({
    name: "discrete-sac",
    title: "Soft actor-critic for choices",
    run: discreteSac,
    defaults: discreteSacDefaults,
    presets: discreteSacPresets,
    actionSpaces: ["discrete"],
    observationSpaces: everyObservation,
  }),
  "q-learning": describe<QLearningConfig, Discrete, Countable>({
    name: "q-learning",
    title: "Q-learning, in a table",
    run: qLearning,
    defaults: qLearningDefaults,
    presets: qLearningPresets,
    actionSpaces: ["discrete"],
    observationSpaces: countable,
  }),
  sarsa: describe<SarsaConfig, Discrete, Countable>({
    name: "sarsa",
    title: "SARSA, in a table",
    run: sarsa,
    defaults: sarsaDefaults,
    presets: sarsaPresets,
    actionSpaces: ["discrete"],
    observationSpaces: countable,
  }),
  "expected-sarsa": describe<ExpectedSarsaConfig, Discrete, Countable>({
    name: "expected-sarsa",
    title: "Expected SARSA, in a table",
    run: expectedSarsa,
    defaults: expectedSarsaDefaults,
    presets: expectedSarsaPresets,
    actionSpaces: ["discrete"],
    observationSpaces: countable,
  }),
  "double-q-learning": describe<DoubleQLearningConfig, Discrete, Countable>({
    name: "double-q-learning",
    title: "Double Q-learning, in two tables",
    run: doubleQLearning,
    defaults: doubleQLearningDefaults,
    presets: doubleQLearningPresets,
    actionSpaces: ["discrete"],
    observationSpaces: countable,
  }),
  dqn: describe<DqnConfig, Discrete>({
    name: "dqn",
    title: "Deep Q-network",
    run: dqn,
    defaults: dqnDefaults,
    presets: dqnPresets,
    actionSpaces: ["discrete"],
    observationSpaces: everyObservation,
  }),
  "double-dqn": describe<DoubleDqnConfig, Discrete>({
    name: "double-dqn",
    title: "Double DQN",
    run: doubleDqn,
    defaults: doubleDqnDefaults,
    presets: doubleDqnPresets,
    actionSpaces: ["discrete"],
    observationSpaces: everyObservation,
  }),
  c51: describe<C51Config, Discrete>({
    name: "c51",
    title: "C51, categorical distributions of the return",
    run: c51,
    defaults: c51Defaults,
    presets: c51Presets,
    actionSpaces: ["discrete"],
    observationSpaces: everyObservation,
  }),
  "fitted-q-iteration": describe<FittedQIterationConfig, Discrete>({
    name: "fitted-q-iteration",
    title: "Fitted Q-iteration, from a fixed batch, with trees or a network",
    run: fittedQIteration,
    defaults: fittedQIterationDefaults,
    presets: fittedQIterationPresets,
    actionSpaces: ["discrete"],
    observationSpaces: everyObservation,
  }),
};

export type AlgorithmName =
  | "reinforce"
  | "actor-critic"
  | "a2c"
  | "a3c"
  | "ppo"
  | "trpo"
  | "ddpg"
  | "td3"
  | "sac"
  | "discrete-sac"
  | "q-learning"
  | "sarsa"
  | "expected-sarsa"
  | "double-q-learning"
  | "dqn"
  | "double-dqn"
  | "c51"
  | "fitted-q-iteration";

/** Forgets the types that only a caller who names the algorithm can know; options and spaces are checked as it starts. */
function describe<Config extends object, A extends Space, O extends Space = Space>(
  entry: AlgorithmEntry<Config, A, O>,
): AlgorithmEntry {
  return entry as unknown as AlgorithmEntry;
}
