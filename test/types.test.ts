/** Claims about types: `tsc --noEmit` proves them, and each `@ts-expect-error` fails it where the compiler finds nothing wrong. */
import {
  type A2cConfig,
  a2c,
  a3c,
  actorCritic,
  algorithms,
  type Box,
  box,
  c51,
  createActor,
  type DeployedPolicy,
  type Dict,
  type Discrete,
  ddpg,
  dict,
  discrete,
  discreteSac,
  doubleDqn,
  doubleQLearning,
  dqn,
  type Env,
  evaluate,
  expectedSarsa,
  load,
  type MultiDiscrete,
  make,
  multiBinary,
  multiDiscrete,
  type Policy,
  type PpoConfig,
  ppo,
  qLearning,
  reinforce,
  sac,
  sarsa,
  type Tuple,
  td3,
  train,
  tuple,
  type ValueOf,
} from "belay-rl";
import { expect, expectTypeOf, test } from "vitest";

declare const cartPolePolicy: Policy<Box, Discrete>;
declare const pendulumPolicy: Policy<Box, Box>;
declare const bytes: Uint8Array;
declare const makeDictEnv: () => Env<Box, Dict>;
declare const makeTupleEnv: () => Env<Box, Tuple>;
declare const makeCardGame: () => Env<Tuple<readonly [Discrete, Discrete]>, Discrete>;
declare const makeDial: () => Env<Discrete, Box>;
declare const makeGridEnv: () => Env<Discrete, MultiDiscrete>;

const cartPole = () => make("CartPole-v1");
const pendulum = () => make("Pendulum-v1");

/** What is only to be compiled: the claims are about types, the values do not exist. */
const compiled = (_claims: () => unknown) => expect(_claims).toBeTypeOf("function");

test("make knows the spaces of the ids it knows, and any other id is some environment", () => {
  compiled(() => {
    expectTypeOf(make("CartPole-v1")).toEqualTypeOf<Env<Box, Discrete>>();
    expectTypeOf(make("Pendulum-v1")).toEqualTypeOf<Env<Box, Box>>();
    expectTypeOf(make("Mine-v0")).toEqualTypeOf<Env>();
  });
  expectTypeOf(make("CartPole-v1").reset().observation).toEqualTypeOf<Float32Array>();
});

test("a space knows its values", () => {
  expectTypeOf<ValueOf<Discrete>>().toEqualTypeOf<number>();
  const parts = dict({ position: box({ low: 0, high: 1, shape: [2] }), gear: discrete(5), lamps: multiBinary(3) });
  expectTypeOf<ValueOf<typeof parts>>().toEqualTypeOf<{
    readonly position: Float32Array;
    readonly gear: number;
    readonly lamps: Uint8Array;
  }>();
  const pair = tuple([discrete(2), multiDiscrete([3, 4])]);
  expectTypeOf<ValueOf<typeof pair>>().toEqualTypeOf<readonly [number, Int32Array]>();
});

test("act takes the observations of the environment and gives its actions", () => {
  compiled(() => {
    expectTypeOf(load(bytes, cartPole()).act).parameter(0).toEqualTypeOf<Float32Array>();
    expectTypeOf(load(bytes, cartPole()).act).returns.toEqualTypeOf<number>();
    expectTypeOf(load(bytes, pendulum()).act).returns.toEqualTypeOf<Float32Array>();
    expectTypeOf(createActor(pendulumPolicy).act).returns.toEqualTypeOf<Float32Array>();
    expectTypeOf(train(ppo, cartPole)).resolves.toHaveProperty("policy").toEqualTypeOf<DeployedPolicy<Box, Discrete>>();
    // @ts-expect-error an action for CartPole is a number
    cartPole().step(new Float32Array(1));
    // @ts-expect-error an action for the pendulum is not
    pendulum().step(1);
  });
});

test("a policy for Discrete cannot be given to a Box environment", () => {
  compiled(() => {
    evaluate(cartPolePolicy, cartPole);
    evaluate(pendulumPolicy, pendulum);
    // @ts-expect-error a choice is no torque
    evaluate(cartPolePolicy, pendulum);
    // @ts-expect-error a torque is no choice
    evaluate(pendulumPolicy, cartPole);
    // @ts-expect-error nor does a loaded policy change its actions
    evaluate(load(bytes, cartPole()), pendulum);
  });
});

test("an algorithm given an action space it cannot handle does not compile", () => {
  compiled(() => {
    ppo(makeGridEnv);
    for (const algorithm of [reinforce, actorCritic, a2c, a3c, ppo]) {
      // @ts-expect-error no distribution over Dict actions
      algorithm(makeDictEnv);
      // @ts-expect-error no distribution over Tuple actions
      algorithm(makeTupleEnv);
    }
    for (const algorithm of [ddpg, td3, sac]) {
      algorithm(pendulum);
      // @ts-expect-error their actions are numbers, not choices
      algorithm(cartPole);
      // @ts-expect-error nor are they choices in a grid
      train(algorithm, makeGridEnv);
    }
    discreteSac(cartPole);
    // @ts-expect-error a torque is no choice
    discreteSac(pendulum);
    train(a2c, makeGridEnv);
    // @ts-expect-error through train, too
    train(a2c, makeDictEnv);
  });
});

test("a table for an environment whose observations cannot be counted does not compile", () => {
  compiled(() => {
    for (const algorithm of [qLearning, sarsa, expectedSarsa, doubleQLearning]) {
      algorithm(makeCardGame);
      // @ts-expect-error a Box has no end of observations
      algorithm(cartPole);
      // @ts-expect-error nor is a torque a choice
      algorithm(makeDial);
    }
    train(qLearning, makeCardGame);
    train(sarsa, () => make("Blackjack-v1"));
    // @ts-expect-error through train, too
    train(qLearning, cartPole);
  });
});

test("what learns the value of each action takes Discrete actions alone", () => {
  compiled(() => {
    for (const algorithm of [dqn, doubleDqn, c51]) {
      algorithm(cartPole, { dueling: true, nSteps: 3 });
      // @ts-expect-error a Box has no list of actions to take the best of
      algorithm(pendulum);
      // @ts-expect-error nor has a product of choices
      algorithm(makeGridEnv);
    }
    train(dqn, cartPole, { explorationFraction: 0.5 });
    // @ts-expect-error through train, too
    train(dqn, pendulum);
    // @ts-expect-error DQN has no atoms
    dqn(cartPole, { atoms: 51 });
    c51(cartPole, { atoms: 51 });
  });
});

test("options are checked by name and by type", () => {
  compiled(() => {
    ppo(cartPole, { clipRange: 0.1, learningRateSchedule: "cosine", hidden: [32] });
    train(a2c, cartPole, { lambda: 0.9 });
    // @ts-expect-error ε is called clipRange
    ppo(cartPole, { epsilon: 0.1 });
    // @ts-expect-error a number, not a string
    ppo(cartPole, { clipRange: "0.1" });
    // @ts-expect-error not one of the schedules
    ppo(cartPole, { learningRateSchedule: "exponential" });
    // @ts-expect-error A2C clips nothing
    train(a2c, cartPole, { clipRange: 0.1 });
    // @ts-expect-error REINFORCE runs one environment
    reinforce(cartPole, { numEnvs: 8 });
  });
});

test("a config is what its defaults are, and every algorithm can be had by name", () => {
  expectTypeOf<PpoConfig["clipRange"]>().toEqualTypeOf<number>();
  expectTypeOf<PpoConfig["objective"]>().toEqualTypeOf<"clip" | "penalty">();
  expectTypeOf<A2cConfig["optimizer"]>().toEqualTypeOf<"adam" | "rmsprop" | "sgd">();
  const gradients = [
    "reinforce",
    "actor-critic",
    "a2c",
    "a3c",
    "ppo",
    "trpo",
    "ddpg",
    "td3",
    "sac",
    "discrete-sac",
  ] as const;
  const tables = ["q-learning", "sarsa", "expected-sarsa", "double-q-learning"] as const;
  const values = ["dqn", "double-dqn", "c51", "fitted-q-iteration"] as const;
  expectTypeOf<keyof typeof algorithms>().toEqualTypeOf<(typeof gradients | typeof tables | typeof values)[number]>();
  expect(Object.keys(algorithms)).toEqual([...gradients, ...tables, ...values]);
});

test("reports and actors keep the spaces of their environment", () => {
  compiled(async () => {
    for await (const { policy, metrics } of ppo(pendulum)) {
      expectTypeOf(policy).toEqualTypeOf<Policy<Box, Box>>();
      expectTypeOf(metrics.kl).toEqualTypeOf<number | undefined>();
      // @ts-expect-error no metric has this name
      metrics.accuracy;
    }
  });
});
