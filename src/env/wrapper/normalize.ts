import { createRunningMoments, type RunningMomentsState } from "../../math/running-moments.ts";
import type { Env } from "../env.ts";
import { type Box, box, type Space } from "../space.ts";
import { wrap } from "./wrap.ts";

export interface NormalizeOptions {
  /** Results are cut off at ± this. */
  readonly clip?: number;
  /** Added to the variance. */
  readonly epsilon?: number;
}

/** Shifts and scales observations by the mean and deviation of all seen so far. */
export function normalizeObservation<A extends Space>(
  env: Env<Box, A>,
  { clip = 10, epsilon = 1e-8 }: NormalizeOptions = {},
): Env<Box, A> {
  const moments = createRunningMoments(env.observationSpace.low.length);
  function normalized(observation: Float32Array): Float32Array {
    moments.update(observation, 1);
    return observation.map((x, i) => clamp((x - moments.mean[i]) / Math.sqrt(moments.variance[i] + epsilon), clip));
  }
  return wrap<Box, A>(env, {
    observationSpace: box({ low: -clip, high: clip, shape: env.observationSpace.shape }),
    actionSpace: env.actionSpace,
    reset(options) {
      const { observation, info } = env.reset(options);
      return { observation: normalized(observation), info };
    },
    step(action) {
      const step = env.step(action);
      return { ...step, observation: normalized(step.observation) };
    },
    save: moments.snapshot,
    load: (saved: RunningMomentsState) => moments.restore(saved),
  });
}

/** Divides rewards by the deviation of the running discounted return; their mean is left alone, for it is the task's. */
export function normalizeReward<O extends Space, A extends Space>(
  env: Env<O, A>,
  { discount = 0.99, clip = 10, epsilon = 1e-8 }: NormalizeOptions & { readonly discount?: number } = {},
): Env<O, A> {
  const moments = createRunningMoments(1);
  let discounted = 0;
  return wrap<O, A>(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    reset(options) {
      discounted = 0;
      return env.reset(options);
    },
    step(action) {
      const step = env.step(action);
      discounted = discount * discounted + step.reward;
      moments.update([discounted], 1);
      return { ...step, reward: clamp(step.reward / Math.sqrt(moments.variance[0] + epsilon), clip) };
    },
    save: () => ({ moments: moments.snapshot(), discounted }),
    load: (saved: { moments: RunningMomentsState; discounted: number }) => {
      moments.restore(saved.moments);
      discounted = saved.discounted;
    },
  });
}

function clamp(x: number, limit: number): number {
  return Math.min(Math.max(x, -limit), limit);
}
