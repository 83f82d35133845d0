import type { VectorEnv } from "../env/env.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";
import { clipToSpace } from "./rollout.ts";

/** Whole episodes of one environment, row after row, in ordinary memory: their length is not known beforehand. */
export interface EpisodeBatch {
  /** Steps in all. */
  readonly size: number;
  /** [size, observationSize] */
  readonly observations: Float32Array;
  /** As drawn, before any clipping to the action space, [size, actionSize] */
  readonly actions: Float32Array;
  /** After each row's action, [size] */
  readonly rewards: Float32Array;
  /** V of each row's observation, [size] */
  readonly values: Float32Array;
  /** To be filled, [size] each. */
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  /** Where each episode ends (the row after its last) and what followed it. */
  readonly ends: readonly EpisodeEnd[];
  /** The rows in the kernel's memory, a chunk at a time; each chunk is overwritten by the next. */
  chunks(): Iterable<EpisodeChunk>;
}

export interface EpisodeEnd {
  readonly row: number;
  /** V of the observation at which the episode was cut; 0 after a terminal state. */
  readonly bootstrap: number;
}

/** Some rows of an episode batch. */
export interface EpisodeChunk {
  readonly size: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly masks: Uint8Array | null;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

/** An episode that has not ended by then will not be waited for. */
const longestEpisode = 10_000_000;

/** Runs `policy` in `envs`, which must be a single environment, until whole episodes of at least `minSteps` steps are there. */
export function createEpisodeCollector(
  kernel: Kernel,
  envs: VectorEnv,
  policy: ActorCritic,
  random: Random,
  minSteps: number,
  chunkRows: number,
): () => EpisodeBatch {
  const { observationSize, actionSize } = envs;
  const maskSize = envs.actionMasks?.length ?? 0;
  const observation = kernel.float32(observationSize);
  const finalValue = kernel.float32(1);
  const draw = { actions: kernel.float32(actionSize), logProbs: kernel.float32(1) };
  const legal = new Float32Array(actionSize);
  const room = {
    observations: kernel.float32(chunkRows * observationSize),
    actions: kernel.float32(chunkRows * actionSize),
    masks: envs.actionMasks && kernel.uint8(chunkRows * maskSize),
    values: kernel.float32(chunkRows),
  };
  let record = allocate(2 * minSteps);

  /** Runs until an episode's end at or after `minSteps`. */
  function play(): { readonly size: number; readonly ends: EpisodeEnd[] } {
    const ends: EpisodeEnd[] = [];
    let row = 0;
    while (row < minSteps || ends.at(-1)?.row !== row) {
      if (row - (ends.at(-1)?.row ?? 0) === longestEpisode) refuseEndless(envs.id);
      if (row === record.rewards.length) record = grown(record, allocate(2 * row));
      observation.set(envs.observations);
      policy.act(observation, envs.actionMasks, 1, random, draw);
      record.observations.set(observation, row * observationSize);
      record.actions.set(draw.actions, row * actionSize);
      if (envs.actionMasks) record.masks.set(envs.actionMasks, row * maskSize);

      clipToSpace(draw.actions, envs, legal);
      envs.step(legal);
      record.rewards[row] = envs.rewards[0];
      row++;
      if (envs.terminated[0] || envs.truncated[0]) ends.push({ row, bootstrap: envs.terminated[0] ? 0 : valueOfCut() });
    }
    return { size: row, ends };
  }

  function valueOfCut(): number {
    observation.set(envs.finalObservations);
    policy.values(observation, 1, finalValue);
    return finalValue[0];
  }

  function allocate(capacity: number) {
    return {
      observations: new Float32Array(capacity * observationSize),
      actions: new Float32Array(capacity * actionSize),
      masks: new Uint8Array(capacity * maskSize),
      rewards: new Float32Array(capacity),
    };
  }

  return function collect() {
    const { size, ends } = play();
    const { observations, actions, masks, rewards } = record;
    const [values, advantages, returns] = [0, 1, 2].map(() => new Float32Array(size));

    function* chunks() {
      for (let start = 0; start < size; start += chunkRows) {
        const end = Math.min(start + chunkRows, size);
        room.observations.set(observations.subarray(start * observationSize, end * observationSize));
        room.actions.set(actions.subarray(start * actionSize, end * actionSize));
        room.masks?.set(masks.subarray(start * maskSize, end * maskSize));
        yield {
          size: end - start,
          start,
          observations: room.observations,
          actions: room.actions,
          masks: room.masks,
          advantages: advantages.subarray(start, end),
          returns: returns.subarray(start, end),
        };
      }
    }
    for (const chunk of chunks()) {
      policy.values(chunk.observations, chunk.size, room.values);
      values.set(room.values.subarray(0, chunk.size), chunk.start);
    }
    return {
      size,
      observations: observations.subarray(0, size * observationSize),
      actions: actions.subarray(0, size * actionSize),
      rewards: rewards.subarray(0, size),
      values,
      advantages,
      returns,
      ends,
      chunks,
    };
  };
}

/** `larger`, with what `smaller` holds at its beginning. */
function grown<Columns extends Readonly<Record<string, Float32Array | Uint8Array>>>(
  smaller: Columns,
  larger: Columns,
): Columns {
  for (const name of Object.keys(smaller)) larger[name].set(smaller[name]);
  return larger;
}

function refuseEndless(id: string): never {
  throw new RangeError(
    `reinforce: no episode of ${id} ended within ${longestEpisode} steps; it learns from whole episodes: set a time limit.`,
  );
}
