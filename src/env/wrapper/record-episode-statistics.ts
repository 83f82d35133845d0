import type { Env } from "../env.ts";
import { judgementOf } from "../goal-env.ts";
import type { Space } from "../space.ts";
import { wrap } from "./wrap.ts";

/** Puts `episode: { return, length }` into the info of an episode's last step. */
export function recordEpisodeStatistics<O extends Space, A extends Space>(env: Env<O, A>): Env<O, A> {
  let total = 0;
  let length = 0;
  return wrap<O, A>(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    reset(options) {
      total = 0;
      length = 0;
      return env.reset(options);
    },
    step(action) {
      const step = env.step(action);
      total += step.reward;
      length += 1;
      if (!step.terminated && !step.truncated) return step;
      return { ...step, info: { ...step.info, episode: { return: total, length } } };
    },
    judgement: judgementOf(env),
    save: () => [total, length],
    load: (saved: [number, number]) => {
      [total, length] = saved;
    },
  });
}
