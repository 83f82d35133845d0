import { createRunningMoments, type RunningMoments, type RunningMomentsState } from "../../math/running-moments.ts";
import type { VectorEnv } from "../env.ts";
import type { Space } from "../space.ts";

export interface NormalizeVectorOptions {
  /** Whether observations are shifted and scaled by the moments of all seen so far. */
  readonly observation: boolean;
  /** Whether rewards are divided by the deviation of the running discounted return. */
  readonly reward: boolean;
  /** γ of that return. */
  readonly discount: number;
  /** Results are cut off at ± this. */
  readonly clip?: number;
  /** Added to each variance. */
  readonly epsilon?: number;
}

/** Observations and rewards are normalised, episode statistics are not. */
export interface NormalizedVectorEnv<O extends Space = Space, A extends Space = Space> extends VectorEnv<O, A> {
  /** Of the raw observations; a policy must carry them to see what it saw in training. */
  readonly moments: RunningMoments;
}

interface Snapshot {
  readonly envs: unknown;
  readonly moments: RunningMomentsState;
  readonly returnMoments: RunningMomentsState;
  readonly returns: readonly number[];
}

/** Normalises as Stable-Baselines3's VecNormalize does, with moments shared by all sub-environments. */
export function normalizeVector<O extends Space, A extends Space>(
  envs: VectorEnv<O, A>,
  { observation, reward, discount, clip = 10, epsilon = 1e-8 }: NormalizeVectorOptions,
): NormalizedVectorEnv<O, A> {
  const { numEnvs, observationSize } = envs;
  const observations = new Float32Array(envs.observations.length);
  const finalObservations = new Float32Array(envs.finalObservations.length);
  const rewards = new Float32Array(numEnvs);
  const moments = createRunningMoments(observationSize);
  const returnMoments = createRunningMoments(1);
  const returns = new Float64Array(numEnvs);
  const scale = new Float64Array(observationSize);

  function writeObservations(): void {
    for (let j = 0; j < observationSize; j++) scale[j] = 1 / Math.sqrt(moments.variance[j] + epsilon);
    writeNormalized(envs.observations, observations);
    writeNormalized(envs.finalObservations, finalObservations);
  }

  function writeNormalized(from: Float32Array, to: Float32Array): void {
    to.set(from);
    if (!observation) return;
    for (let at = 0; at < from.length; at += observationSize) {
      for (let j = 0; j < observationSize; j++) to[at + j] = clamp((from[at + j] - moments.mean[j]) * scale[j], clip);
    }
  }

  function writeRewards(): void {
    rewards.set(envs.rewards);
    if (!reward) return;
    for (let i = 0; i < numEnvs; i++) returns[i] = returns[i] * discount + envs.rewards[i];
    returnMoments.update(returns, numEnvs);
    const deviation = Math.sqrt(returnMoments.variance[0] + epsilon);
    for (let i = 0; i < numEnvs; i++) {
      rewards[i] = clamp(rewards[i] / deviation, clip);
      if (envs.terminated[i] + envs.truncated[i] > 0) returns[i] = 0;
    }
  }

  return {
    ...envs,
    observations,
    finalObservations,
    rewards,
    moments,
    reset(seed) {
      envs.reset(seed);
      returns.fill(0);
      rewards.fill(0);
      if (observation) moments.update(envs.observations, numEnvs);
      writeObservations();
    },
    step(actions) {
      envs.step(actions);
      if (observation) moments.update(envs.observations, numEnvs);
      writeObservations();
      writeRewards();
    },
    snapshot: (): Snapshot => ({
      envs: envs.snapshot(),
      moments: moments.snapshot(),
      returnMoments: returnMoments.snapshot(),
      returns: [...returns],
    }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      envs.restore(saved.envs);
      moments.restore(saved.moments);
      returnMoments.restore(saved.returnMoments);
      returns.set(saved.returns.map((discounted, i) => (envs.truncated[i] ? 0 : discounted)));
      rewards.fill(0);
      writeObservations();
    },
  };
}

function clamp(x: number, limit: number): number {
  return Math.min(Math.max(x, -limit), limit);
}
