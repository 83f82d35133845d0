import { type ActingPolicy, type Actor, createActor } from "../deploy/act.ts";
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { createRandom } from "../math/random.ts";
import { interquartileMean, mean, standardDeviation, stratifiedBootstrap } from "../math/statistics.ts";

/** How well a policy did, episode by episode. */
export interface Evaluation {
  readonly episodes: number;
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly mean: number;
  /** With n − 1; 0 for a single episode. */
  readonly std: number;
  /** Mean of the middle half. */
  readonly iqm: number;
  /** Of the interquartile mean, 95 %, by bootstrap. */
  readonly ci95: readonly [low: number, high: number];
}

export interface EvaluateOptions {
  readonly episodes?: number;
  /** Decides where each episode starts, and the actions where they are drawn. */
  readonly seed?: number;
  /** The most likely action each time (the default), or one by chance. */
  readonly deterministic?: boolean;
  /** An episode that has not ended by then is cut. */
  readonly maxSteps?: number;
}

/** Plays whole episodes in an environment of its own. */
export function evaluate<O extends Space, A extends Space>(
  policy: ActingPolicy<O, A>,
  makeEnv: () => Env<O, A>,
  options: EvaluateOptions = {},
): Evaluation {
  return summarizeOutcomes([...playEpisodes(policy, makeEnv, options)]);
}

export interface Outcome {
  readonly return: number;
  readonly length: number;
}

/** As `evaluate`, an episode at a time, for those who have other things to do in between. */
export function* playEpisodes<O extends Space, A extends Space>(
  policy: ActingPolicy<O, A>,
  makeEnv: () => Env<O, A>,
  { episodes = 10, seed = 0, deterministic = true, maxSteps = 100_000 }: EvaluateOptions = {},
): Generator<Outcome, void, void> {
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw new RangeError(`evaluate: episodes must be a positive integer, got ${episodes}.`);
  }
  const random = createRandom(seed);
  const actor = createActor(policy);
  const env = makeEnv();
  try {
    for (let episode = 0; episode < episodes; episode++) {
      yield playEpisode(env, actor, random.integer(2 ** 31), maxSteps, deterministic ? {} : { deterministic, random });
    }
  } finally {
    env.close?.();
  }
}

/** One episode from a seeded start; `watch` sees the environment before the first step and after each. */
export function playEpisode<O extends Space, A extends Space>(
  env: Env<O, A>,
  actor: Actor<O, A>,
  seed: number,
  maxSteps: number,
  options: Parameters<Actor<O, A>["act"]>[1] = {},
  watch?: (env: Env<O, A>) => void,
): Outcome {
  let { observation, info } = env.reset({ seed });
  let total = 0;
  watch?.(env);
  for (let length = 1; ; length++) {
    const step = env.step(actor.act(observation, { ...options, mask: info.actionMask }));
    if (!Number.isFinite(step.reward)) {
      throw new RangeError(`evaluate: ${env.id} gave reward ${step.reward} at step ${length} of an episode.`);
    }
    total += step.reward;
    ({ observation, info } = step);
    watch?.(env);
    if (step.terminated || step.truncated || length >= maxSteps) return { return: total, length };
  }
}

export function summarizeOutcomes(outcomes: readonly Outcome[]): Evaluation {
  const returns = outcomes.map((outcome) => outcome.return);
  return {
    episodes: outcomes.length,
    returns,
    lengths: outcomes.map((outcome) => outcome.length),
    mean: mean(returns),
    std: returns.length > 1 ? standardDeviation(returns) : 0,
    iqm: interquartileMean(returns),
    ci95: stratifiedBootstrap([returns], interquartileMean, { random: createRandom(0) }),
  };
}
