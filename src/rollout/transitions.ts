import type { VectorEnv } from "../env/env.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** Steps without an order, drawn from a replay: what happened, and what it led to n steps later. */
export interface Transitions {
  /** Rows in use. */
  size: number;
  /** sₜ, [size, observationSize] */
  readonly observations: Float32Array;
  /** aₜ as the networks know it: an index, or numbers from −1 to 1 for a bounded Box, [size, actionSize] */
  readonly actions: Float32Array;
  /** Σ γⁱ rₜ₊₁₊ᵢ over the n steps, or fewer where the episode ended or was cut, [size] */
  readonly rewards: Float32Array;
  /** What the successor's value is worth: γⁿ, or 0 where the task ended. A cut leaves it as it is, [size] */
  readonly discounts: Float32Array;
  /** sₜ₊ₙ, the true successor even where the episode was cut, [size, observationSize] */
  readonly nextObservations: Float32Array;
  /** 1 where an action is legal at sₜ and at sₜ₊ₙ, [size, logits], or null; of a last observation nothing is known: all 1. */
  readonly masks: Uint8Array | null;
  readonly nextMasks: Uint8Array | null;
  /** Importance weights, at most 1; all 1 where every transition was as likely, [size] */
  readonly weights: Float32Array;
  /** Where each lies in the replay, [size] */
  readonly rows: Int32Array;
  /** Where its successor lies, [size] */
  readonly nextRows: Int32Array;
}

/** Room for `capacity` of them, in the kernel's memory. */
export function createTransitions(kernel: Kernel, envs: VectorEnv, capacity: number): Transitions {
  const { observationSize, actionSize, actionMasks, numEnvs } = envs;
  const numbers = (each: number) => kernel.float32(capacity * each);
  const masks = () => (actionMasks ? kernel.uint8((capacity * actionMasks.length) / numEnvs) : null);
  return {
    size: 0,
    observations: numbers(observationSize),
    actions: numbers(actionSize),
    rewards: numbers(1),
    discounts: numbers(1),
    nextObservations: numbers(observationSize),
    masks: masks(),
    nextMasks: masks(),
    weights: numbers(1),
    rows: kernel.int32(capacity),
    nextRows: kernel.int32(capacity),
  };
}
