import { forbiddenPlace, whyNotMask } from "./action-mask.ts";
import type { Env, Info, VectorEnv } from "./env.ts";
import { createEpisodeLog, type EpisodeLogState } from "./episode-log.ts";
import { notFinite } from "./not-finite.ts";
import { actionSize as actionSizeOf, flatSize, logitCount, type Space, type ValueOf } from "./space.ts";
import { decodeAction, flatten } from "./space-value.ts";

interface Snapshot {
  /** Null where an environment cannot tell its state. */
  readonly envs: readonly unknown[] | null;
  /** Of the last reset. */
  readonly seed: number;
  /** Taken since, by each sub-environment. */
  readonly steps: number;
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
  const isExact = envs.every((env) => env.snapshot && env.restore);
  let seed = 0;
  let steps = 0;
  // Only a first reset tells whether the task forbids actions; a policy must know before it is built.
  const isMasked = guarded(0, () => envs[0].reset()).info.actionMask !== undefined;
  const actionMasks = isMasked ? new Uint8Array(numEnvs * logits).fill(1) : null;

  function reset(newSeed: number): void {
    seed = newSeed;
    steps = 0;
    log.clear();
    clearStep();
    for (let i = 0; i < numEnvs; i++) begin(i, seed + i);
    finalObservations.set(observations);
  }

  function clearStep(): void {
    rewards.fill(0);
    terminated.fill(0);
    truncated.fill(0);
  }

  /** Cuts all episodes where they are. Each step of the run has seeds of its own, so that no start is seen twice. */
  function restart(): void {
    truncated.fill(1);
    for (let i = 0; i < numEnvs; i++) {
      log.abandon(i);
      begin(i, seed + steps * numEnvs + i);
    }
  }

  function begin(index: number, envSeed?: number): void {
    const options = envSeed === undefined ? {} : { seed: envSeed };
    const { observation, info } = guarded(index, () => envs[index].reset(options));
    write(index, observation, observations);
    writeMask(index, info);
  }

  function step(actions: Float32Array): void {
    steps += 1;
    for (let i = 0; i < numEnvs; i++) {
      const action = decodeAction(actionSpace, actions, i * actionSize);
      const result = guarded(i, () => envs[i].step(action));
      log.add(i, result.reward);
      rewards[i] = result.reward;
      terminated[i] = result.terminated ? 1 : 0;
      truncated[i] = result.truncated ? 1 : 0;
      write(i, result.observation, finalObservations);
      if (result.terminated || result.truncated) {
        log.finish(i, !result.terminated);
        begin(i);
      } else {
        write(i, result.observation, observations);
        writeMask(i, result.info);
      }
    }
  }

  /** Rewards and observations are judged as they are stored: a number can be finite in double precision alone. */
  function write(index: number, observation: ValueOf<O>, out: Float32Array): void {
    const start = index * observationSize;
    const end = guarded(index, () => flatten(observationSpace, observation, out, start));
    const flat = out.subarray(start, end);
    if (Number.isFinite(rewards[index]) && flat.every(Number.isFinite)) return;
    throw notFinite(id, index, log.lengths[index], flat, rewards[index]);
  }

  function writeMask(index: number, { actionMask }: Info): void {
    if (actionMasks === null && actionMask === undefined) return;
    if (actionMasks === null || actionMask?.length !== logits) {
      const wanted = isMasked ? `${logits} entries in every info` : "none, as after the first reset";
      const got = actionMask === undefined ? "none" : `${actionMask.length}`;
      throw new RangeError(`${id}: sub-environment ${index} must give an actionMask of ${wanted}, got ${got}.`);
    }
    if (forbiddenPlace(actionSpace, actionMask) >= 0) {
      const when = `after step ${log.lengths[index]} of its episode`;
      throw new RangeError(`${id}: sub-environment ${index}, ${when}: ${whyNotMask(actionSpace, actionMask)}.`);
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
    snapshot: (): Snapshot => ({
      envs: isExact ? envs.map((env) => env.snapshot?.()) : null,
      seed,
      steps,
      observations: [...observations],
      actionMasks: actionMasks && [...actionMasks],
      log: log.snapshot(),
    }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      ({ seed, steps } = saved);
      observations.set(saved.observations);
      finalObservations.set(saved.observations);
      if (saved.actionMasks) actionMasks?.set(saved.actionMasks);
      log.restore(saved.log);
      clearStep();
      if (isExact && saved.envs) saved.envs.forEach((state, i) => void envs[i].restore?.(state));
      else restart();
    },
    close() {
      for (const env of envs) env.close?.();
    },
  };
}
