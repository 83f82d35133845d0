import type { Transitions } from "../rollout/transitions.ts";

/** y = r + γ V(s′) of each transition, γ being 0 where the task ended. Writes to `targets`, which may be `nextValues`. */
export function bootstrappedTargets(
  { size, rewards, discounts }: Pick<Transitions, "size" | "rewards" | "discounts">,
  nextValues: Float32Array,
  targets: Float32Array,
): void {
  for (let i = 0; i < size; i++) targets[i] = rewards[i] + discounts[i] * nextValues[i];
}
