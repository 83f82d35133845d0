import { createRandom, type RandomState } from "../math/random.ts";
import { batchEnv } from "./batch-env.ts";
import type { Dynamics } from "./dynamics.ts";
import type { Env, ResetOptions } from "./env.ts";
import type { Box, Discrete, ValueOf } from "./space.ts";
import { contains, encodeAction } from "./space-value.ts";

interface Snapshot {
  readonly state: readonly number[];
  readonly action: number | null;
  readonly elapsed: number;
  readonly ended: boolean;
  readonly random: RandomState;
}

/** One copy of a task as an environment. `reset({ options: { state } })` starts from the state given instead of a random one. */
export function dynamicsEnv<A extends Discrete | Box>(dynamics: Dynamics<A>): Env<Box, A> {
  const { id, observationSpace, actionSpace } = dynamics;
  const state = new Float64Array(dynamics.stateSize);
  const flatAction = new Float32Array(actionSpace.kind === "box" ? actionSpace.low.length : 1);
  let random = createRandom(0);
  let action: number | null = null;
  let elapsed = 0;
  let ended = true;

  function observe(): Float32Array {
    const observation = new Float32Array(observationSpace.low.length);
    dynamics.observe(state, 0, observation, 0);
    return observation;
  }

  function reset({ seed, options }: ResetOptions = {}) {
    if (seed !== undefined) random = createRandom(seed);
    if (options?.["state"] === undefined) dynamics.start(state, 0, random);
    else state.set(checkedState(dynamics, options["state"]));
    action = null;
    elapsed = 0;
    ended = false;
    return { observation: observe() as ValueOf<Box>, info: {} };
  }

  function step(chosen: ValueOf<A>) {
    if (ended) throw new Error(`${id}: step was called outside an episode; call reset first.`);
    requireAction(dynamics, chosen);
    encodeAction(actionSpace, chosen, flatAction, 0);
    action = flatAction[0];
    const reward = dynamics.advance(state, 0, flatAction, 0);
    elapsed += 1;
    const terminated = dynamics.isTerminal(state, 0);
    const truncated = !terminated && elapsed >= dynamics.maxEpisodeSteps;
    ended = terminated || truncated;
    return { observation: observe() as ValueOf<Box>, reward, terminated, truncated, info: {} };
  }

  return {
    id,
    observationSpace,
    actionSpace,
    reset,
    step,
    snapshot: (): Snapshot => ({ state: [...state], action, elapsed, ended, random: random.snapshot() }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      state.set(saved.state);
      ({ action, elapsed, ended } = saved);
      random.restore(saved.random);
    },
    render: () => dynamics.draw(state, action),
    vectorize: (numEnvs) => batchEnv(dynamics, numEnvs),
  };
}

function checkedState(dynamics: Dynamics, value: unknown): number[] {
  const { id, stateSize } = dynamics;
  if (Array.isArray(value) && value.length === stateSize && value.every(Number.isFinite)) return value;
  throw new TypeError(`${id}: options.state must be ${stateSize} finite numbers, got ${JSON.stringify(value)}.`);
}

/** A Box action may lie outside the bounds, as in Gymnasium; the task clips what it must. */
function requireAction({ id, actionSpace }: Dynamics, action: unknown): void {
  if (actionSpace.kind === "discrete") {
    if (contains(actionSpace, action)) return;
    const last = actionSpace.start + actionSpace.n - 1;
    throw new RangeError(`${id}: action must be an integer from ${actionSpace.start} to ${last}, got ${action}.`);
  }
  const size = actionSpace.low.length;
  if (action instanceof Float32Array && action.length === size && action.every(Number.isFinite)) return;
  throw new TypeError(`${id}: action must be a Float32Array of ${size} finite numbers, got ${action}.`);
}
