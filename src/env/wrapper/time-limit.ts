import type { Env } from "../env.ts";
import { judgementOf } from "../goal-env.ts";
import type { Space } from "../space.ts";
import { wrap } from "./wrap.ts";

/** Cuts every episode after `maxEpisodeSteps` steps: truncated, unless it terminates there of itself. */
export function timeLimit<O extends Space, A extends Space>(env: Env<O, A>, maxEpisodeSteps: number): Env<O, A> {
  if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
    throw new RangeError(`timeLimit: maxEpisodeSteps must be a positive integer, got ${maxEpisodeSteps}.`);
  }
  let elapsed = 0;
  let isCut = false;
  return wrap(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    reset(options) {
      elapsed = 0;
      isCut = false;
      return env.reset(options);
    },
    step(action) {
      if (isCut) throw new Error(`${env.id}: the time limit has ended this episode; call reset first.`);
      const step = env.step(action);
      elapsed += 1;
      isCut = !step.terminated && elapsed >= maxEpisodeSteps;
      return { ...step, truncated: step.truncated || isCut };
    },
    judgement: judgementOf(env),
    save: () => elapsed,
    load: (saved: number) => {
      elapsed = saved;
      isCut = elapsed >= maxEpisodeSteps;
    },
  });
}
