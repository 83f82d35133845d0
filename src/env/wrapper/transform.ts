import type { Env } from "../env.ts";
import { judgementOf } from "../goal-env.ts";
import type { Space, ValueOf } from "../space.ts";
import { wrap } from "./wrap.ts";

/** Passes every observation through `transform`, whose results lie in `observationSpace`. */
export function transformObservation<O extends Space, A extends Space, P extends Space>(
  env: Env<O, A>,
  observationSpace: P,
  transform: (observation: ValueOf<O>) => ValueOf<P>,
): Env<P, A> {
  return wrap<P, A>(env, {
    observationSpace,
    actionSpace: env.actionSpace,
    reset(options) {
      const { observation, info } = env.reset(options);
      return { observation: transform(observation), info };
    },
    step(action) {
      const step = env.step(action);
      return { ...step, observation: transform(step.observation) };
    },
  });
}

/** Passes every reward through `transform`. */
export function transformReward<O extends Space, A extends Space>(
  env: Env<O, A>,
  transform: (reward: number) => number,
): Env<O, A> {
  return wrap<O, A>(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    reset: (options) => env.reset(options),
    step(action) {
      const step = env.step(action);
      return { ...step, reward: transform(step.reward) };
    },
  });
}

/** Takes actions of `actionSpace` and passes them through `transform` to the environment. */
export function transformAction<O extends Space, A extends Space, B extends Space>(
  env: Env<O, A>,
  actionSpace: B,
  transform: (action: ValueOf<B>) => ValueOf<A>,
): Env<O, B> {
  return wrap<O, B>(env, {
    observationSpace: env.observationSpace,
    actionSpace,
    reset: (options) => env.reset(options),
    step: (action) => env.step(transform(action)),
    judgement: judgementOf(env),
  });
}
