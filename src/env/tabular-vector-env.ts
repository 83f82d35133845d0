import { createRandom, type Random, type RandomState } from "../math/random.ts";
import type { VectorEnv } from "./env.ts";
import { createEpisodeLog, type EpisodeLogState } from "./episode-log.ts";
import { type Discrete, discrete, flatSize, type Space, type ValueOf } from "./space.ts";
import { flatten } from "./space-value.ts";
import type { FlatTable } from "./transition-table.ts";

/** A table and what is shown of it. */
interface Tabular<O extends Space> {
  readonly id: string;
  readonly flat: FlatTable;
  readonly observationSpace: O;
  observationOf(state: number): ValueOf<O>;
  readonly maxEpisodeSteps: number;
  readonly actionMasks: Uint8Array | undefined;
}

interface Snapshot {
  readonly states: readonly number[];
  readonly randoms: readonly RandomState[];
  readonly log: EpisodeLogState;
}

/** Draws one of a row's outcomes and returns its place. What is certain costs no chance. */
export function drawOutcome({ rows, probabilities }: FlatTable, row: number, random: Random): number {
  const last = rows[row + 1] - 1;
  let outcome = rows[row];
  if (outcome === last) return last;
  let rest = random.uniform();
  while (outcome < last && rest >= probabilities[outcome]) rest -= probabilities[outcome++];
  return outcome;
}

/** N copies of a table in flat arrays; a step allocates nothing. The same trajectories as N copies of `tabularEnv`. */
export function createTabularVectorEnv<O extends Space>(
  { id, flat, observationSpace, observationOf, maxEpisodeSteps, actionMasks: masks }: Tabular<O>,
  numEnvs: number,
): VectorEnv<O, Discrete> {
  const { actions: choices } = flat;
  const startRow = flat.states * choices;
  const observationSize = flatSize(observationSpace);
  const screen = createScreen(flat.states, observationSpace, observationOf);
  const states = new Int32Array(numEnvs);
  const observations = new Float32Array(numEnvs * observationSize);
  const finalObservations = new Float32Array(numEnvs * observationSize);
  /** The states that `observations` and `finalObservations` show, [N]. */
  const shown = new Int32Array(numEnvs);
  const finalShown = new Int32Array(numEnvs);
  const rewards = new Float32Array(numEnvs);
  const terminated = new Uint8Array(numEnvs);
  const truncated = new Uint8Array(numEnvs);
  const actionMasks = masks ? new Uint8Array(numEnvs * choices).fill(1) : null;
  const log = createEpisodeLog(numEnvs);
  let randoms = Array.from({ length: numEnvs }, (_, i) => createRandom(i));

  function reset(seed: number): void {
    randoms = randoms.map((_, i) => createRandom(seed + i));
    for (let i = 0; i < numEnvs; i++) states[i] = flat.next[drawOutcome(flat, startRow, randoms[i])];
    log.clear();
    clearStep();
  }

  /** As before a first step. */
  function clearStep(): void {
    for (let i = 0; i < numEnvs; i++) {
      show(i);
      showFinal(i);
    }
    rewards.fill(0);
    terminated.fill(0);
    truncated.fill(0);
  }

  function step(actions: Float32Array): void {
    for (let i = 0; i < numEnvs; i++) {
      const action = actions[i];
      if (!(action >= 0 && action < choices && Math.floor(action) === action)) refuseAction(i, action);
      const outcome = drawOutcome(flat, states[i] * choices + action, randoms[i]);
      const isTerminal = flat.terminated[outcome];
      states[i] = flat.next[outcome];
      rewards[i] = flat.rewards[outcome];
      log.add(i, flat.rewards[outcome]);
      const isCut = isTerminal === 0 && log.lengths[i] >= maxEpisodeSteps;
      terminated[i] = isTerminal;
      truncated[i] = isCut ? 1 : 0;
      showFinal(i);
      if (isTerminal === 1 || isCut) {
        log.finish(i, isCut);
        states[i] = flat.next[drawOutcome(flat, startRow, randoms[i])];
      }
      show(i);
    }
  }

  function show(index: number): void {
    screen(observations, index * observationSize, shown[index], states[index]);
    shown[index] = states[index];
    if (masks) for (let a = 0; a < choices; a++) actionMasks![index * choices + a] = masks[states[index] * choices + a];
  }

  function showFinal(index: number): void {
    screen(finalObservations, index * observationSize, finalShown[index], states[index]);
    finalShown[index] = states[index];
  }

  function refuseAction(index: number, action: number): never {
    throw new RangeError(
      `${id}: action of sub-environment ${index} must be an integer from 0 to ${choices - 1}, got ${action}.`,
    );
  }

  return {
    id,
    numEnvs,
    observationSpace,
    actionSpace: discrete(choices),
    observationSize,
    actionSize: 1,
    observations,
    finalObservations,
    rewards,
    terminated,
    truncated,
    actionMasks,
    reset,
    step,
    drainEpisodes: log.drain,
    snapshot: (): Snapshot => ({
      states: [...states],
      randoms: randoms.map((random) => random.snapshot()),
      log: log.snapshot(),
    }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      states.set(saved.states);
      randoms.forEach((random, i) => void random.restore(saved.randoms[i]));
      log.restore(saved.log);
      clearStep();
    },
    close() {},
  };
}

/** Takes the entries of one state's observation off and puts another's on: a one-hot of 500 costs two writes. */
function createScreen<O extends Space>(states: number, space: O, observationOf: (state: number) => ValueOf<O>) {
  const row = new Float32Array(flatSize(space));
  const ends = new Int32Array(states + 1);
  const places: number[] = [];
  const values: number[] = [];
  for (let state = 0; state < states; state++) {
    flatten(space, observationOf(state), row, 0);
    row.forEach((value, place) => {
      if (value === 0) return;
      places.push(place);
      values.push(value);
    });
    ends[state + 1] = places.length;
  }
  return (out: Float32Array, at: number, before: number, now: number) => {
    for (let i = ends[before]; i < ends[before + 1]; i++) out[at + places[i]] = 0;
    for (let i = ends[now]; i < ends[now + 1]; i++) out[at + places[i]] = values[i];
  };
}
