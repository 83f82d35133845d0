import { argMax } from "../math/arg-max.ts";
import type { Transitions } from "../rollout/transitions.ts";

/** What a transition led to. */
export type Successors = Pick<Transitions, "size" | "rewards" | "discounts" | "nextMasks">;

/**
 * y = r + γⁿ max_a Q̂(s′, a), over the actions allowed there, from Q̂(s′, ·) [size, actions].
 * Mnih et al. 2015, https://doi.org/10.1038/nature14236, Algorithm 1.
 */
export function qTargets(batch: Successors, nextValues: Float32Array, actions: number, targets: Float32Array): void {
  doubleQTargets(batch, nextValues, nextValues, actions, targets);
}

/**
 * y = r + γⁿ Q̂(s′, argmax_a Q(s′, a)): one network chooses, the other judges.
 * Van Hasselt, Guez & Silver 2016, https://arxiv.org/abs/1509.06461, eq. 4.
 */
export function doubleQTargets(
  { size, rewards, discounts, nextMasks }: Successors,
  choosers: Float32Array,
  nextValues: Float32Array,
  actions: number,
  targets: Float32Array,
): void {
  for (let i = 0; i < size; i++) {
    const best = argMax(choosers, nextMasks, i * actions, (i + 1) * actions);
    targets[i] = rewards[i] + discounts[i] * nextValues[best];
  }
}
