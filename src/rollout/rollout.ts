import type { VectorEnv } from "../env/env.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";

/** T steps of N environments, time-major: entry [t, n] lies at t·N + n. */
export interface Rollout {
  readonly T: number;
  readonly N: number;
  /** sₜ, [T, N, observationSize] */
  readonly observations: Float32Array;
  /** aₜ as drawn, before any clipping to the action space, [T, N, actionSize] */
  readonly actions: Float32Array;
  /** 1 where an action was legal, [T, N, logits], or null */
  readonly masks: Uint8Array | null;
  /** log π_old(aₜ|sₜ), [T, N] */
  readonly logProbs: Float32Array;
  /** rₜ₊₁, [T, N] */
  readonly rewards: Float32Array;
  /** V(sₜ), [T, N] */
  readonly values: Float32Array;
  /** V(sₜ₊₁) of the true successor, even where the episode was cut, [T, N] */
  readonly nextValues: Float32Array;
  /** The task ended at sₜ₊₁, [T, N] */
  readonly terminated: Uint8Array;
  /** The episode was cut at sₜ₊₁, [T, N] */
  readonly truncated: Uint8Array;
}

/** An empty rollout, in the kernel's memory. */
export function createRollout(kernel: Kernel, envs: VectorEnv, T: number): Rollout {
  const N = envs.numEnvs;
  const numbers = () => kernel.float32(T * N);
  return {
    T,
    N,
    observations: kernel.float32(T * N * envs.observationSize),
    actions: kernel.float32(T * N * envs.actionSize),
    masks: envs.actionMasks && kernel.uint8(T * envs.actionMasks.length),
    logProbs: numbers(),
    rewards: numbers(),
    values: numbers(),
    nextValues: numbers(),
    terminated: kernel.uint8(T * N),
    truncated: kernel.uint8(T * N),
  };
}

/** Runs the policy for T steps in each environment and records what happened. */
export type Collect = (rollout: Rollout) => void;

/**
 * How `policy` acts in `envs`. V is asked for once the steps are taken, over the whole record at a time:
 * acting does not need it, and a large batch costs far less per row than a small one.
 */
export function createCollector(kernel: Kernel, envs: VectorEnv, policy: ActorCritic, random: Random): Collect {
  const { numEnvs: N, observationSize, actionSize } = envs;
  const observations = kernel.float32(N * observationSize);
  const finalObservations = kernel.float32(N * observationSize);
  const finalValues = kernel.float32(N);
  const draw = { actions: kernel.float32(N * actionSize), logProbs: kernel.float32(N) };
  const legal = new Float32Array(N * actionSize);

  /** V(sₜ₊₁) of the true successors of the step just taken, where `wanted`. */
  function bootstrap(nextValues: Float32Array, at: number, wanted: (n: number) => boolean): void {
    finalObservations.set(envs.finalObservations);
    policy.values(finalObservations, N, finalValues);
    for (let n = 0; n < N; n++) if (wanted(n)) nextValues[at + n] = finalValues[n];
  }

  return function collect(rollout) {
    const { T, values, nextValues, terminated, truncated, masks } = rollout;
    for (let t = 0; t < T; t++) {
      const at = t * N;
      observations.set(envs.observations);
      policy.act(observations, envs.actionMasks, N, random, draw);
      rollout.observations.set(observations, at * observationSize);
      rollout.actions.set(draw.actions, at * actionSize);
      rollout.logProbs.set(draw.logProbs, at);
      if (masks && envs.actionMasks) masks.set(envs.actionMasks, t * envs.actionMasks.length);

      clipToSpace(draw.actions, envs, legal);
      envs.step(legal);
      rollout.rewards.set(envs.rewards, at);
      terminated.set(envs.terminated, at);
      truncated.set(envs.truncated, at);
      if (envs.truncated.includes(1)) bootstrap(nextValues, at, (n) => envs.truncated[n] === 1);
    }
    policy.values(rollout.observations, T * N, values);

    // A step that ended nothing is followed by the next row's observation; the last row, by what the environments show now.
    const last = (T - 1) * N;
    for (let i = 0; i < last; i++) if (!truncated[i]) nextValues[i] = values[i + N];
    bootstrap(nextValues, last, (n) => truncated[last + n] === 0);
  };
}

/** Gaussian actions know no bounds; a Box does. */
export function clipToSpace(actions: Float32Array, { actionSpace }: VectorEnv, out: Float32Array): void {
  out.set(actions.subarray(0, out.length));
  if (actionSpace.kind !== "box") return;
  const { low, high } = actionSpace;
  for (let i = 0; i < out.length; i++) {
    const dimension = i % low.length;
    out[i] = Math.min(Math.max(out[i], low[dimension]), high[dimension]);
  }
}
