import type { Env, Info, VectorEnv } from "./env.ts";
import { createEpisodeLog, type EpisodeLogState } from "./episode-log.ts";
import { notFinite } from "./not-finite.ts";
import { actionSize as actionSizeOf, flatSize, logitCount, type Space, type ValueOf } from "./space.ts";
import { decodeAction, flatten } from "./space-value.ts";

interface Snapshot {
  readonly envs: readonly unknown[];
  readonly observations: readonly number[];
  readonly actionMasks: readonly number[] | null;
  readonly log: EpisodeLogState;
}

/** N environments stepped together: all at once where the environment can (`vectorize`), one by one otherwise. */
export function vectorEnv<O extends Space, A extends Space>(
  makeEnv: () => Env<O, A>,
  numEnvs: number,
): VectorEnv<O, A> {
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) {
    throw new RangeError(`vectorEnv: numEnvs must be a positive integer, got ${numEnvs}.`);
  }
  const first = makeEnv();
  if (first.vectorize) return first.vectorize(numEnvs);
  return oneByOne([first, ...Array.from({ length: numEnvs - 1 }, makeEnv)]);
}

function oneByOne<O extends Space, A extends Space>(envs: readonly Env<O, A>[]): VectorEnv<O, A> {
  const { id, observationSpace, actionSpace } = envs[0];
  const numEnvs = envs.length;
  const observationSize = flatSize(observationSpace);
  const actionSize = actionSizeOf(actionSpace);
  const logits = logitCount(actionSpace);
  const observations = new Float32Array(numEnvs * observationSize);
  const finalObservations = new Float32Array(numEnvs * observationSize);
  const rewards = new Float32Array(numEnvs);
  const terminated = new Uint8Array(numEnvs);
  const truncated = new Uint8Array(numEnvs);
  const log = createEpisodeLog(numEnvs);
  // Only a first reset tells whether the task forbids actions; a policy must know before it is built.
  const isMasked = guarded(0, () => envs[0].reset()).info.actionMask !== undefined;
  const actionMasks = isMasked ? new Uint8Array(numEnvs * logits).fill(1) : null;

  function reset(seed: number): void {
    log.clear();
    for (let i = 0; i < numEnvs; i++) begin(i, seed + i);
    finalObservations.set(observations);
    rewards.fill(0);
    terminated.fill(0);
    truncated.fill(0);
  }

  function begin(index: number, seed?: number): void {
    const { observation, info } = guarded(index, () => envs[index].reset(seed === undefined ? {} : { seed }));
    write(index, observation, 0, observations);
    writeMask(index, info);
  }

  function step(actions: Float32Array): void {
    for (let i = 0; i < numEnvs; i++) {
      const action = decodeAction(actionSpace, actions, i * actionSize);
      const result = guarded(i, () => envs[i].step(action));
      log.add(i, result.reward);
      rewards[i] = result.reward;
      terminated[i] = result.terminated ? 1 : 0;
      truncated[i] = result.truncated ? 1 : 0;
      write(i, result.observation, result.reward, finalObservations);
      if (result.terminated || result.truncated) {
        log.finish(i, !result.terminated);
        begin(i);
      } else {
        write(i, result.observation, result.reward, observations);
        writeMask(i, result.info);
      }
    }
  }

  function write(index: number, observation: ValueOf<O>, reward: number, out: Float32Array): void {
    const start = index * observationSize;
    const end = guarded(index, () => flatten(observationSpace, observation, out, start));
    if (end !== start + observationSize) {
      const got = end - start;
      throw new RangeError(`${id}: sub-environment ${index} must observe ${observationSize} numbers, got ${got}.`);
    }
    const flat = out.subarray(start, end);
    if (Number.isFinite(reward) && flat.every(Number.isFinite)) return;
    throw notFinite(id, index, log.lengths[index], flat, reward);
  }

  function writeMask(index: number, { actionMask }: Info): void {
    if (actionMasks === null && actionMask === undefined) return;
    if (actionMasks === null || actionMask?.length !== logits) {
      const wanted = isMasked ? `${logits} entries in every info` : "none, as after the first reset";
      const got = actionMask === undefined ? "none" : `${actionMask.length}`;
      throw new RangeError(`${id}: sub-environment ${index} must give an actionMask of ${wanted}, got ${got}.`);
    }
    actionMasks.set(actionMask, index * logits);
  }

  /** Runs what the environment's author wrote; an error from there is told apart by environment and step. */
  function guarded<T>(index: number, run: () => T): T {
    try {
      return run();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const when = `after step ${log.lengths[index]} of its episode`;
      throw new Error(`${id}: sub-environment ${index} failed ${when}: ${reason}`, { cause });
    }
  }

  return {
    id,
    numEnvs,
    observationSpace,
    actionSpace,
    observationSize,
    actionSize,
    observations,
    finalObservations,
    rewards,
    terminated,
    truncated,
    actionMasks,
    reset,
    step,
    drainEpisodes: log.drain,
    snapshot(): Snapshot | null {
      if (envs.some((env) => !env.snapshot || !env.restore)) return null;
      return {
        envs: envs.map((env) => env.snapshot?.()),
        observations: [...observations],
        actionMasks: actionMasks && [...actionMasks],
        log: log.snapshot(),
      };
    },
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      for (let i = 0; i < numEnvs; i++) envs[i].restore?.(saved.envs[i]);
      observations.set(saved.observations);
      if (saved.actionMasks) actionMasks?.set(saved.actionMasks);
      log.restore(saved.log);
    },
    close() {
      for (const env of envs) env.close?.();
    },
  };
}
