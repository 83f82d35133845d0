import type { Env } from "../env.ts";
import type { Space } from "../space.ts";
import { wrap } from "./wrap.ts";

/** Cuts every episode after `maxEpisodeSteps` steps: truncated, unless it terminates there of itself. */
export function timeLimit<O extends Space, A extends Space>(env: Env<O, A>, maxEpisodeSteps: number): Env<O, A> {
  if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
    throw new RangeError(`timeLimit: maxEpisodeSteps must be a positive integer, got ${maxEpisodeSteps}.`);
  }
  let elapsed = 0;
  return wrap(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    reset(options) {
      elapsed = 0;
      return env.reset(options);
    },
    step(action) {
      const step = env.step(action);
      elapsed += 1;
      return { ...step, truncated: step.truncated || (!step.terminated && elapsed >= maxEpisodeSteps) };
    },
    save: () => elapsed,
    load: (saved: number) => {
      elapsed = saved;
    },
  });
}
