import type { WorkerHost } from "../algorithm/worker-host.ts";
import type { Env, VectorEnv } from "../env/env.ts";
import { judgementOf } from "../env/goal-env.ts";
import type { Space } from "../env/space.ts";

/** The same environments, which say so when they are stepped: until then, an algorithm only prepares. */
export function heedSteps<O extends Space, A extends Space>(
  makeEnv: () => Env<O, A>,
  heed: () => void,
): () => Env<O, A> {
  return () => {
    const env = makeEnv();
    const { id, observationSpace, actionSpace, vectorize, recipe } = env;
    return {
      id,
      observationSpace,
      actionSpace,
      reset: (options) => env.reset(options),
      step(action) {
        heed();
        return env.step(action);
      },
      ...(recipe && { recipe }),
      ...judgementOf(env),
      ...(env.snapshot && { snapshot: () => env.snapshot?.() }),
      ...(env.restore && { restore: (state: unknown) => env.restore?.(state) }),
      ...(env.close && { close: () => env.close?.() }),
      ...(vectorize && {
        vectorize: (numEnvs: number) => heedVector(vectorize.call(env, numEnvs), heed),
      }),
    };
  };
}

function heedVector<O extends Space, A extends Space>(envs: VectorEnv<O, A>, heed: () => void): VectorEnv<O, A> {
  const { id, numEnvs, observationSpace, actionSpace, observationSize, actionSize } = envs;
  const { observations, finalObservations, rewards, terminated, truncated, actionMasks } = envs;
  return {
    ...{ id, numEnvs, observationSpace, actionSpace, observationSize, actionSize },
    ...{ observations, finalObservations, rewards, terminated, truncated, actionMasks },
    reset: (seed) => envs.reset(seed),
    step(actions) {
      heed();
      envs.step(actions);
    },
    drainEpisodes: () => envs.drainEpisodes(),
    snapshot: () => envs.snapshot(),
    restore: (state) => envs.restore(state),
    close: () => envs.close(),
  };
}

/** The same threads, which say so when they are set to work. */
export function heedWork(host: WorkerHost, heed: () => void): WorkerHost {
  return {
    environmentModule: host.environmentModule,
    spawn() {
      const thread = host.spawn();
      return {
        prepare: (task) => thread.prepare(task),
        work(request) {
          heed();
          return thread.work(request);
        },
        end: () => thread.end(),
      };
    },
  };
}
