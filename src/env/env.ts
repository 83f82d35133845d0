import type { Space, ValueOf } from "./space.ts";

/** What an environment says beside the observation. `actionMask` holds 1 where an action is legal, one entry per logit. */
export interface Info {
  readonly actionMask?: Uint8Array;
  readonly [name: string]: unknown;
}

export interface ResetOptions {
  /** Seeds the environment's own stream; without it the stream goes on. */
  readonly seed?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Step<O extends Space> {
  readonly observation: ValueOf<O>;
  readonly reward: number;
  /** The task ended: nothing of value follows. */
  readonly terminated: boolean;
  /** The episode was cut short, by a time limit for instance: what follows has its value still. */
  readonly truncated: boolean;
  readonly info: Info;
}

/** How `make` made an environment, and so how another thread can make the same. */
export interface Recipe {
  readonly id: string;
  readonly maxEpisodeSteps: number | null;
}

/** One task, in Gymnasium's conventions. `O` and `A` are the observation and the action space. */
export interface Env<O extends Space = Space, A extends Space = Space> {
  /** The registered name, "CartPole-v1", or any name that will tell a reader what this is. */
  readonly id: string;
  readonly observationSpace: O;
  readonly actionSpace: A;
  reset(options?: ResetOptions): { readonly observation: ValueOf<O>; readonly info: Info };
  step(action: ValueOf<A>): Step<O>;
  /** All that decides the future, as JSON; without it and `restore`, a resumed run begins new episodes. */
  snapshot?(): unknown;
  restore?(snapshot: unknown): void;
  /** Given by `make` to what comes with Belay; a wrapper has none. */
  readonly recipe?: Recipe;
  /** The present state as one SVG document. */
  render?(): string;
  close?(): void;
  /** Many copies stepped at once in typed arrays: the fast path, taken by `vectorEnv` where it is offered. */
  vectorize?(numEnvs: number): VectorEnv<O, A>;
}

/**
 * N environments stepped together, in typed arrays that are written in place and never replaced.
 *
 * Autoreset is SAME_STEP: where an episode ends, `observations` already holds the first observation of the next one,
 * and `finalObservations` the true last one. Where none ends, the two agree.
 */
export interface VectorEnv<O extends Space = Space, A extends Space = Space> {
  readonly id: string;
  /** N */
  readonly numEnvs: number;
  readonly observationSpace: O;
  readonly actionSpace: A;
  /** Numbers per flattened observation, by `flatSize`. */
  readonly observationSize: number;
  /** Numbers per flattened action, by `actionSize`: one for Discrete, one per place for the others. */
  readonly actionSize: number;
  /** What to act on next, [N, observationSize]. */
  readonly observations: Float32Array;
  /** What the last step led to, before any reset, [N, observationSize]. */
  readonly finalObservations: Float32Array;
  /** [N] */
  readonly rewards: Float32Array;
  /** [N] */
  readonly terminated: Uint8Array;
  /** [N] */
  readonly truncated: Uint8Array;
  /** 1 where an action is legal now, [N, logits], or null where the task never forbids one. */
  readonly actionMasks: Uint8Array | null;
  /** Sub-environment i is seeded with seed + i. */
  reset(seed: number): void;
  /** Actions as numbers, [N, actionSize]: the index for Discrete (counted from 0), the value for Box. */
  step(actions: Float32Array): void;
  /** Statistics of the episodes that ended since the last call. */
  drainEpisodes(): Episode[];
  /** All that decides the future, as JSON; of environments that cannot tell their state, the rest. */
  snapshot(): unknown;
  /** Puts a snapshot back. Where the environments' states are not in it, new episodes begin, and `truncated` says so. */
  restore(snapshot: unknown): void;
  close(): void;
}

/** One finished episode. */
export interface Episode {
  /** Sum of rewards, undiscounted, before any normalisation. */
  readonly return: number;
  /** Steps. */
  readonly length: number;
  /** Which sub-environment. */
  readonly index: number;
  readonly truncated: boolean;
}
