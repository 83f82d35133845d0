import type { VectorEnv } from "../env/env.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";
import type { Batch } from "./minibatches.ts";
import { clipToSpace } from "./rollout.ts";

/** Whole episodes of one environment, row after row; `advantages` and `returns` wait to be filled. */
export interface EpisodeBatch extends Batch {
  /** r after each row's action, [size] */
  readonly rewards: Float32Array;
  /** Where each episode ends (the row after its last) and what followed it. */
  readonly ends: readonly EpisodeEnd[];
}

export interface EpisodeEnd {
  readonly row: number;
  readonly truncated: boolean;
  /** V of the observation at which the episode was cut; 0 after a terminal state. */
  readonly bootstrap: number;
}

/** Runs `policy` in `envs`, which must be a single environment, until whole episodes of at least `minSteps` steps are there. */
export function createEpisodeCollector(
  kernel: Kernel,
  envs: VectorEnv,
  policy: ActorCritic,
  random: Random,
  minSteps: number,
): () => EpisodeBatch {
  const { observationSize, actionSize } = envs;
  const maskSize = envs.actionMasks?.length ?? 0;
  const observation = kernel.float32(observationSize);
  const finalValue = kernel.float32(1);
  const draw = { actions: kernel.float32(actionSize), logProbs: kernel.float32(1) };
  const legal = new Float32Array(actionSize);
  let record = allocate(2 * minSteps);

  function allocate(capacity: number) {
    const masks = envs.actionMasks && kernel.uint8(capacity * maskSize);
    const column = (width = 1) => kernel.float32(capacity * width);
    return {
      capacity,
      masks,
      observations: column(observationSize),
      actions: column(actionSize),
      logProbs: column(),
      values: column(),
      advantages: column(),
      returns: column(),
      rewards: column(),
    };
  }

  /** Twice the room, what is recorded so far kept: an episode's length is not known beforehand. */
  function grow(): void {
    const larger = allocate(2 * record.capacity);
    for (const name of ["observations", "actions", "logProbs", "rewards"] as const) larger[name].set(record[name]);
    if (larger.masks && record.masks) larger.masks.set(record.masks);
    record = larger;
  }

  return function collect() {
    const ends: EpisodeEnd[] = [];
    let row = 0;
    while (row < minSteps || ends.at(-1)?.row !== row) {
      if (row === record.capacity) grow();
      observation.set(envs.observations);
      policy.act(observation, envs.actionMasks, 1, random, draw);
      record.observations.set(observation, row * observationSize);
      record.actions.set(draw.actions, row * actionSize);
      record.logProbs[row] = draw.logProbs[0];
      if (record.masks && envs.actionMasks) record.masks.set(envs.actionMasks, row * maskSize);

      clipToSpace(draw.actions, envs, legal);
      envs.step(legal);
      record.rewards[row] = envs.rewards[0];
      row++;
      if (envs.terminated[0] || envs.truncated[0]) {
        const truncated = envs.terminated[0] === 0;
        if (truncated) {
          observation.set(envs.finalObservations);
          policy.values(observation, 1, finalValue);
        }
        ends.push({ row, truncated, bootstrap: truncated ? finalValue[0] : 0 });
      }
    }
    policy.values(record.observations, row, record.values);
    return { ...record, size: row, ends };
  };
}
