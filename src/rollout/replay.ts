import type { VectorEnv } from "../env/env.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import type { NumberArray, RestorableArrays } from "../math/snapshot.ts";
import { gatherMasks } from "./gather-masks.ts";
import { createPriorities, type Priorities, type PriorityOptions } from "./priorities.ts";
import type { Transitions } from "./transitions.ts";

/**
 * Experience to learn from again and again: a ring of rows for each environment. Lin 1992; Mnih et al. 2015.
 *
 * A step takes one row: its observation, action, reward and how it ended. Its successor's observation is that of the row
 * behind, so each is stored once; only where an episode ends is there a row more, for its true last observation.
 */
export interface Replay extends RestorableArrays {
  /** Rows in all. */
  readonly capacity: number;
  /** Rows of each environment, side by side; the first comes after the last. */
  readonly ringLength: number;
  /** Transitions that can be drawn. */
  readonly size: number;
  /** Of memory, per row. */
  readonly bytesPerRow: number;
  /** What the rows hold, by row. Live. */
  readonly columns: ReplayColumns;
  /** Null where every transition is as likely to be drawn. */
  readonly priorities: Priorities | null;
  /** Records where the environments stand; before the first step, and after a restore that may have cut episodes. */
  begin(envs: VectorEnv): void;
  /** Records the step just taken by `actions`, [N, actionSize]. */
  add(envs: VectorEnv, actions: Float32Array): void;
  /** Draws `count` transitions with replacement. */
  sample(count: number, random: Random, out: Transitions): void;
}

export interface ReplayColumns {
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly masks: Uint8Array | null;
  readonly rewards: Float32Array;
  /** By `rowKind`. */
  readonly kinds: Uint8Array;
}

/** What a row is. */
export const rowKind = {
  /** No step: never written, the latest observation, or the last one of an episode. */
  none: 0,
  /** The episode went on. */
  step: 1,
  terminated: 2,
  truncated: 3,
} as const;

export interface ReplayOptions {
  /** Rows in all, shared evenly by the environments. */
  readonly capacity: number;
  readonly discount: number;
  /** n: steps that a transition spans. */
  readonly steps?: number;
  /** Where not every transition is as likely to be drawn. */
  readonly priorities?: PriorityOptions | null;
}

/** A step that ends an episode fills three rows at once: its own, the last observation's, and the next episode's first. */
export const shortestRing = 3;

/** An empty replay, in the kernel's memory. */
export function createReplay(
  kernel: Kernel,
  envs: VectorEnv,
  { capacity, discount, steps = 1, priorities: prioritized = null }: ReplayOptions,
): Replay {
  const { numEnvs: N, observationSize, actionSize, actionMasks } = envs;
  const length = Math.floor(capacity / N);
  if (!(length >= shortestRing)) {
    throw new RangeError(
      `createReplay: capacity must be at least ${shortestRing} rows for each of ${N} environments, got ${capacity}.`,
    );
  }
  const maskSize = actionMasks ? actionMasks.length / N : 0;
  const rows = length * N;
  const observations = kernel.float32(rows * observationSize);
  const actions = kernel.float32(rows * actionSize);
  const masks = actionMasks && kernel.uint8(rows * maskSize);
  const rewards = kernel.float32(rows);
  const kinds = kernel.uint8(rows);
  const priorities = prioritized && createPriorities(rows, prioritized);
  /** Where each environment's latest observation stands, and how many of its rows were ever written. */
  const heads = new Int32Array(N);
  const used = new Int32Array(N);
  const counters = { size: 0 };

  const next = (row: number) => ((row + 1) % length === 0 ? row + 1 - length : row + 1);

  /** Puts an observation of environment n into its next row, in place of what stood there. */
  function write(n: number, source: Float32Array, legal: Uint8Array | null): void {
    const row = n * length + heads[n];
    if (kinds[row] !== rowKind.none) {
      priorities?.remove(row);
      counters.size--;
    }
    kinds[row] = rowKind.none;
    used[n] = Math.max(used[n], heads[n] + 1);
    for (let i = 0; i < observationSize; i++) observations[row * observationSize + i] = source[n * observationSize + i];
    for (let i = 0; i < maskSize; i++) (masks as Uint8Array)[row * maskSize + i] = legal ? legal[n * maskSize + i] : 1;
  }

  function advance(n: number): void {
    heads[n] = (heads[n] + 1) % length;
  }

  function begin({ observations: now, truncated, actionMasks: legal }: VectorEnv): void {
    for (let n = 0; n < N; n++) {
      const isCut = used[n] > 0 && truncated[n] === 1;
      const last = n * length + ((heads[n] + length - 1) % length);
      // The latest observation stays, as the last of an episode that was cut there.
      if (isCut && kinds[last] === rowKind.step) kinds[last] = rowKind.truncated;
      if (isCut) advance(n);
      write(n, now, legal);
    }
  }

  function add(after: VectorEnv, taken: Float32Array): void {
    for (let n = 0; n < N; n++) {
      const row = n * length + heads[n];
      const isOver = after.terminated[n] === 1 || after.truncated[n] === 1;
      for (let i = 0; i < actionSize; i++) actions[row * actionSize + i] = taken[n * actionSize + i];
      rewards[row] = after.rewards[n];
      kinds[row] = after.terminated[n] ? rowKind.terminated : after.truncated[n] ? rowKind.truncated : rowKind.step;
      counters.size++;
      priorities?.add(row);
      advance(n);
      write(n, after.finalObservations, isOver ? null : after.actionMasks);
      if (!isOver) continue;
      advance(n);
      write(n, after.observations, after.actionMasks);
    }
  }

  /** Rows by chance until one is a transition: each is as likely. */
  function drawEvenly(count: number, random: Random, drawn: Int32Array): void {
    let longest = 0;
    for (let n = 0; n < N; n++) longest = Math.max(longest, used[n]);
    for (let i = 0; i < count; i++) {
      let row = 0;
      do row = (N > 1 ? random.integer(N) : 0) * length + random.integer(longest);
      while (kinds[row] === rowKind.none);
      drawn[i] = row;
    }
  }

  /** Follows a transition for up to n steps. */
  function follow(i: number, out: Transitions): void {
    let row = out.rows[i];
    let sum = rewards[row];
    let worth = discount;
    for (let step = 1; step < steps && kinds[row] === rowKind.step; step++) {
      const after = next(row);
      if (kinds[after] === rowKind.none) break;
      row = after;
      sum += worth * rewards[row];
      worth *= discount;
    }
    out.rewards[i] = sum;
    out.discounts[i] = kinds[row] === rowKind.terminated ? 0 : worth;
    out.nextRows[i] = next(row);
  }

  function sample(count: number, random: Random, out: Transitions): void {
    if (counters.size === 0) throw new RangeError("replay: there is nothing to sample yet.");
    out.size = count;
    if (priorities) priorities.draw(count, random, out.rows, out.weights);
    else {
      drawEvenly(count, random, out.rows);
      out.weights.fill(1, 0, count);
    }
    for (let i = 0; i < count; i++) follow(i, out);
    kernel.gatherRows(observations, out.rows, out.observations, count, observationSize);
    kernel.gatherRows(observations, out.nextRows, out.nextObservations, count, observationSize);
    kernel.gatherRows(actions, out.rows, out.actions, count, actionSize);
    if (masks && out.masks && out.nextMasks) {
      gatherMasks(masks, out.rows, out.masks, count, maskSize);
      gatherMasks(masks, out.nextRows, out.nextMasks, count, maskSize);
    }
  }

  /** What a snapshot holds of the rows in use. */
  const named: Readonly<Record<string, NumberArray>> = {
    observations,
    actions,
    rewards,
    kinds,
    ...(masks && { masks }),
    ...(priorities && { priorities: priorities.column }),
  };

  return {
    capacity: rows,
    ringLength: length,
    get size() {
      return counters.size;
    },
    bytesPerRow: bytesPerRow(envs),
    columns: { observations, actions, masks, rewards, kinds },
    priorities,
    begin,
    add,
    sample,

    save() {
      const arrays: Record<string, NumberArray> = {
        "replay.length": Int32Array.of(length),
        "replay.heads": heads.slice(),
        "replay.used": used.slice(),
        ...priorities?.save(),
      };
      for (const [name, column] of Object.entries(named)) {
        const ring = column.length / N;
        for (let n = 0; n < N; n++) {
          const inUse = (used[n] * ring) / length;
          arrays[`replay.${name}.${n}`] = column.slice(n * ring, n * ring + inUse);
        }
      }
      return arrays;
    },

    load(arrays) {
      requireFit(arrays, named, length, N);
      heads.set(arrays["replay.heads"]);
      used.set(arrays["replay.used"]);
      kinds.fill(rowKind.none);
      priorities?.column.fill(0);
      for (const [name, column] of Object.entries(named)) {
        for (let n = 0; n < N; n++) column.set(arrays[`replay.${name}.${n}`], (n * column.length) / N);
      }
      counters.size = kinds.reduce((count, kind) => count + Number(kind !== rowKind.none), 0);
      priorities?.load(arrays);
    },
  };
}

/** What a row of this task takes, in bytes: observation, action, reward, kind, and the mask where there is one. */
export function bytesPerRow({ observationSize, actionSize, actionMasks, numEnvs }: VectorEnv): number {
  return 4 * (observationSize + actionSize + 1) + 1 + (actionMasks?.length ?? 0) / numEnvs;
}

/** A ring that has come round goes on in one of the same length only; one that has not, in any that holds it. */
function requireFit(
  arrays: Readonly<Record<string, NumberArray>>,
  named: Readonly<Record<string, NumberArray>>,
  length: number,
  N: number,
): void {
  const used = Array.from(arrays["replay.used"] ?? []);
  const ring = arrays["replay.length"]?.[0] ?? 0;
  if (used.length !== N || !used.every((rows) => rows <= length && (rows < ring || ring === length))) {
    throw new RangeError(
      `replay: cannot resume: the snapshot has ${used.length} rings of ${ring} rows, ${used.join(", ") || "none"} in use; ` +
        `these options make ${N} of ${length}.`,
    );
  }
  for (const [name, column] of Object.entries(named)) {
    const width = column.length / (N * length);
    used.forEach((rows, n) => {
      const got = arrays[`replay.${name}.${n}`]?.length;
      if (got === rows * width) return;
      throw new RangeError(
        `replay: cannot resume: the snapshot has ${got ?? "no"} numbers of ${name}, this task needs ${rows * width}.`,
      );
    });
  }
}
