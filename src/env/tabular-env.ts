import { createRandom, type RandomState } from "../math/random.ts";
import type { Env, ResetOptions } from "./env.ts";
import { type Discrete, discrete, type Space, type ValueOf } from "./space.ts";
import { createTabularVectorEnv, drawOutcome } from "./tabular-vector-env.ts";
import { flatTable, type TransitionTable } from "./transition-table.ts";

/** What a task is beside its table. */
export interface TabularOptions<O extends Space = Discrete> {
  readonly id: string;
  /** Cuts episodes after this many steps; never, unless given. */
  readonly maxEpisodeSteps?: number;
  /** What is shown of a state: the state itself, unless given. */
  readonly observation?: { readonly space: O; of(state: number): ValueOf<O> };
  /** 1 where an action does something, [states, actions]. */
  readonly actionMasks?: Uint8Array;
  /** The state as an SVG document; `action` is what led to it, null at the start. */
  draw?(state: number, action: number | null): string;
}

/** An environment whose laws lie open, so that it can be solved exactly. */
export interface TabularEnv<O extends Space = Discrete> extends Env<O, Discrete> {
  readonly table: TransitionTable;
  /** What is shown of a state. */
  observationOf(state: number): ValueOf<O>;
}

interface Snapshot {
  readonly state: number;
  readonly action: number | null;
  readonly elapsed: number;
  readonly ended: boolean;
  readonly random: RandomState;
}

/** A table as an environment. `reset({ options: { state } })` starts from the state given instead of a random one. */
export function tabularEnv<O extends Space = Discrete>(
  table: TransitionTable,
  options: TabularOptions<O>,
): TabularEnv<O> {
  const { id, maxEpisodeSteps = Infinity, actionMasks, draw } = options;
  if (!(maxEpisodeSteps >= 1))
    throw new RangeError(`${id}: maxEpisodeSteps must be 1 or more, got ${maxEpisodeSteps}.`);
  const flat = flatTable(id, table);
  const { states, actions } = flat;
  const itself = { space: discrete(states), of: (state: number) => state };
  const { space: observationSpace, of: observationOf } = options.observation ?? (itself as never);
  const actionSpace = discrete(actions);
  let random = createRandom(0);
  let state = 0;
  let action: number | null = null;
  let elapsed = 0;
  let ended = true;

  function info(probability: number) {
    if (!actionMasks) return { probability };
    return { probability, actionMask: actionMasks.slice(state * actions, (state + 1) * actions) };
  }

  function reset({ seed, options }: ResetOptions = {}) {
    if (seed !== undefined) random = createRandom(seed);
    const given = options?.["state"];
    const drawn = given === undefined ? drawOutcome(flat, states * actions, random) : -1;
    state = drawn < 0 ? checkedState(given) : flat.next[drawn];
    action = null;
    elapsed = 0;
    ended = false;
    return { observation: observationOf(state), info: info(drawn < 0 ? 1 : flat.probabilities[drawn]) };
  }

  function step(chosen: number) {
    if (ended) throw new Error(`${id}: step was called outside an episode; call reset first.`);
    if (!isBelow(chosen, actions)) {
      throw new RangeError(`${id}: action must be an integer from 0 to ${actions - 1}, got ${chosen}.`);
    }
    const outcome = drawOutcome(flat, state * actions + chosen, random);
    state = flat.next[outcome];
    action = chosen;
    elapsed += 1;
    const terminated = flat.terminated[outcome] === 1;
    const truncated = !terminated && elapsed >= maxEpisodeSteps;
    ended = terminated || truncated;
    const reward = flat.rewards[outcome];
    return {
      observation: observationOf(state),
      reward,
      terminated,
      truncated,
      info: info(flat.probabilities[outcome]),
    };
  }

  function checkedState(given: unknown): number {
    if (isBelow(given, states)) return given;
    throw new TypeError(
      `${id}: options.state must be an integer from 0 to ${states - 1}, got ${JSON.stringify(given)}.`,
    );
  }

  return {
    id,
    table,
    observationSpace,
    actionSpace,
    observationOf,
    reset,
    step,
    snapshot: (): Snapshot => ({ state, action, elapsed, ended, random: random.snapshot() }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      ({ state, action, elapsed, ended } = saved);
      random.restore(saved.random);
    },
    ...(draw && { render: () => draw(state, action) }),
    vectorize: (numEnvs) =>
      createTabularVectorEnv({ id, flat, observationSpace, observationOf, maxEpisodeSteps, actionMasks }, numEnvs),
  };
}

function isBelow(value: unknown, n: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < n;
}
