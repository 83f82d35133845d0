import type { Replay } from "../rollout/replay.ts";
import { rowKind } from "../rollout/replay.ts";

/** Transitions to learn from that no policy being learned has any say in: of a random one, or from a log. */
export interface FixedBatch {
  /** Transitions. */
  readonly size: number;
  /** s, flattened, [size, observationSize] */
  readonly observations: Float32Array;
  /** a, as an index from 0, [size] */
  readonly actions: Float32Array;
  /** r, [size] */
  readonly rewards: Float32Array;
  /** s′, the true successor, [size, observationSize] */
  readonly nextObservations: Float32Array;
  /** 1 where the task ended at s′, and nothing follows; a cut is no end, [size] */
  readonly terminated: Uint8Array;
  /** 1 where an action is legal at s′, [size, actions], or null */
  readonly nextMasks: Uint8Array | null;
}

/** All that a replay holds, in the order of its rows. */
export function fixedBatch({ columns, ringLength, capacity, size }: Replay): FixedBatch {
  const { observations, actions, masks, rewards, kinds } = columns;
  const width = observations.length / capacity;
  const choices = masks ? masks.length / capacity : 0;
  const batch = {
    size,
    observations: new Float32Array(size * width),
    actions: new Float32Array(size),
    rewards: new Float32Array(size),
    nextObservations: new Float32Array(size * width),
    terminated: new Uint8Array(size),
    nextMasks: masks && new Uint8Array(size * choices),
  };
  for (let row = 0, i = 0; row < capacity; row++) {
    if (kinds[row] === rowKind.none) continue;
    const after = (row + 1) % ringLength === 0 ? row + 1 - ringLength : row + 1;
    batch.observations.set(observations.subarray(row * width, (row + 1) * width), i * width);
    batch.nextObservations.set(observations.subarray(after * width, (after + 1) * width), i * width);
    batch.actions[i] = actions[row];
    batch.rewards[i] = rewards[row];
    batch.terminated[i] = Number(kinds[row] === rowKind.terminated);
    if (masks) batch.nextMasks?.set(masks.subarray(after * choices, (after + 1) * choices), i * choices);
    i++;
  }
  return batch;
}

/** Refuses arrays that do not belong together. */
export function requireBatch(who: string, batch: FixedBatch, observationSize: number, actions: number): void {
  const { size } = batch;
  if (!Number.isSafeInteger(size) || size < 1)
    throw new RangeError(`${who}: the batch must hold a transition, got ${size}.`);
  const lengths = {
    observations: size * observationSize,
    actions: size,
    rewards: size,
    nextObservations: size * observationSize,
    terminated: size,
    ...(batch.nextMasks && { nextMasks: size * actions }),
  };
  for (const [name, length] of Object.entries(lengths)) {
    const array = batch[name as keyof typeof lengths];
    if (array?.length !== length) {
      throw new RangeError(`${who}: the batch's ${name} must hold ${length} numbers, got ${array?.length ?? "none"}.`);
    }
    const place = array.findIndex((value) => !Number.isFinite(value));
    if (place >= 0)
      throw new RangeError(`${who}: the batch's ${name} must be finite, got ${array[place]} in place ${place}.`);
  }
  const place = batch.actions.findIndex((action) => !Number.isInteger(action) || action < 0 || action >= actions);
  if (place < 0) return;
  throw new RangeError(
    `${who}: the batch's actions must be integers from 0 to ${actions - 1}, got ${batch.actions[place]}.`,
  );
}
