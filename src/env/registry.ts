import { acrobot } from "./classic/acrobot.ts";
import { carOnTheHill } from "./classic/car-on-the-hill.ts";
import { cartPole } from "./classic/cart-pole.ts";
import { mountainCar } from "./classic/mountain-car.ts";
import { mountainCarContinuous } from "./classic/mountain-car-continuous.ts";
import { pendulum } from "./classic/pendulum.ts";
import type { Dynamics } from "./dynamics.ts";
import { dynamicsEnv } from "./dynamics-env.ts";
import type { Env } from "./env.ts";
import { bitFlip } from "./goal/bit-flip.ts";
import { didYouMean } from "./near-name.ts";
import type { Box, Discrete, Space } from "./space.ts";
import type { TabularEnv } from "./tabular-env.ts";
import { blackjack } from "./toy-text/blackjack.ts";
import { cliffWalking } from "./toy-text/cliff-walking.ts";
import { frozenLake } from "./toy-text/frozen-lake.ts";
import { taxi } from "./toy-text/taxi.ts";
import { timeLimit } from "./wrapper/time-limit.ts";

/** What the registry knows of a task. */
interface Registration<E extends Env = Env> {
  readonly id: string;
  /** A new environment, cut after `maxEpisodeSteps`, or never if that is null. */
  make(maxEpisodeSteps: number | null): E;
  readonly maxEpisodeSteps: number | null;
  /** The mean return at which the task counts as solved. */
  readonly rewardThreshold: number | null;
}

/** A task as its author registers it. */
export interface Definition {
  readonly id: string;
  readonly make: () => Env;
  readonly maxEpisodeSteps?: number;
  readonly rewardThreshold?: number;
}

export interface MakeOptions {
  /** Cuts episodes after this many steps instead of the task's own limit; null never cuts them. */
  readonly maxEpisodeSteps?: number | null;
}

/** One line of the list of tasks. */
export interface EnvironmentSpec {
  readonly id: string;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly maxEpisodeSteps: number | null;
  readonly rewardThreshold: number | null;
}

const builtIn = {
  "CartPole-v1": classic(cartPole, 475),
  "Acrobot-v1": classic(acrobot, -100),
  "MountainCar-v0": classic(mountainCar, -110),
  "MountainCarContinuous-v0": classic(mountainCarContinuous, 90),
  "Pendulum-v1": classic(pendulum, null),
  "CarOnTheHill-v0": classic(carOnTheHill, null),
  "BitFlip-v0": {
    id: "BitFlip-v0",
    make: (maxEpisodeSteps: number | null) => bitFlip({ maxEpisodeSteps }),
    maxEpisodeSteps: 8,
    rewardThreshold: null,
  },
  "FrozenLake-v1": toyText("FrozenLake-v1", frozenLake, 100, 0.7),
  "FrozenLake8x8-v1": toyText("FrozenLake8x8-v1", (limit) => frozenLake({ map: "8x8", ...limit }), 200, 0.85),
  "CliffWalking-v1": toyText("CliffWalking-v1", cliffWalking, null, null),
  "Taxi-v4": toyText("Taxi-v4", taxi, 200, 8),
  "Blackjack-v1": toyText("Blackjack-v1", blackjack, null, null),
};

/** The ids that `make` knows without `register`. */
export type EnvironmentId = keyof typeof builtIn;

const registered = new Map<string, Registration>();

/** Adds a task of your own, for `make` to find. */
export function register({ id, make, maxEpisodeSteps, rewardThreshold }: Definition): void {
  if (find(id)) throw new Error(`register: "${id}" is taken; choose another name or version.`);
  registered.set(id, {
    id,
    make: (limit) => (limit === null ? make() : timeLimit(make(), limit)),
    maxEpisodeSteps: maxEpisodeSteps ?? null,
    rewardThreshold: rewardThreshold ?? null,
  });
}

/** A new environment by its name. */
export function make<Id extends EnvironmentId>(id: Id, options?: MakeOptions): ReturnType<(typeof builtIn)[Id]["make"]>;
export function make(id: string, options?: MakeOptions): Env;
export function make(id: string, options: MakeOptions = {}): Env {
  const found = find(id);
  if (!found) throw new RangeError(`make: unknown environment "${id}". ${suggestion(id)}`);
  const { maxEpisodeSteps = found.maxEpisodeSteps } = options;
  if (maxEpisodeSteps !== null && !(Number.isSafeInteger(maxEpisodeSteps) && maxEpisodeSteps > 0)) {
    throw new RangeError(`make: maxEpisodeSteps must be a positive integer or null, got ${maxEpisodeSteps}.`);
  }
  const env = found.make(maxEpisodeSteps);
  return Object.hasOwn(builtIn, id) ? { ...env, recipe: { id, maxEpisodeSteps } } : env;
}

/** Every task that `make` knows, the registered ones last. */
export function environments(): EnvironmentSpec[] {
  return all().map(({ id, make, maxEpisodeSteps, rewardThreshold }) => {
    const env = make(maxEpisodeSteps);
    const { observationSpace, actionSpace } = env;
    env.close?.();
    return { id, observationSpace, actionSpace, maxEpisodeSteps, rewardThreshold };
  });
}

function classic<A extends Discrete | Box>(
  dynamics: Dynamics<A>,
  rewardThreshold: number | null,
): Registration<Env<Box, A>> {
  return {
    id: dynamics.id,
    make: (limit) => dynamicsEnv({ ...dynamics, maxEpisodeSteps: limit ?? Infinity }),
    maxEpisodeSteps: dynamics.maxEpisodeSteps,
    rewardThreshold,
  };
}

function toyText<O extends Space>(
  id: string,
  create: (options: { maxEpisodeSteps: number }) => TabularEnv<O>,
  maxEpisodeSteps: number | null,
  rewardThreshold: number | null,
): Registration<TabularEnv<O>> {
  return { id, make: (limit) => create({ maxEpisodeSteps: limit ?? Infinity }), maxEpisodeSteps, rewardThreshold };
}

function all(): Registration[] {
  return [...Object.values<Registration>(builtIn), ...registered.values()];
}

function find(id: string): Registration | undefined {
  return all().find((registration) => registration.id === id);
}

/** The nearest names if any are near, then all of them. */
function suggestion(id: string): string {
  const ids = all().map((registration) => registration.id);
  return `${didYouMean(id, ids)}Known are: ${ids.join(", ")}.`;
}
