import type { Kernel } from "../kernel/kernel.ts";
import type { Rollout } from "../rollout/rollout.ts";

/** Where estimates go, [T, N] each. */
export interface Estimates {
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

/**
 * Generalized advantage estimation. Schulman et al. 2016, https://arxiv.org/abs/1506.02438, eq. 11 and 12.
 *
 *   δₜ = rₜ₊₁ + γ V(sₜ₊₁) − V(sₜ)
 *   Âₜ = δₜ + γλ Âₜ₊₁,   Rₜ = Âₜ + V(sₜ)
 *
 * A terminal successor is worth 0. A truncated one keeps its value, but no advantage flows back across the cut.
 */
export function gae(
  kernel: Kernel,
  rollout: Rollout,
  { discount, lambda }: { readonly discount: number; readonly lambda: number },
  { advantages, returns }: Estimates,
): void {
  const { T, N, rewards, values, nextValues, terminated, truncated } = rollout;
  kernel.gae(rewards, values, nextValues, terminated, truncated, advantages, returns, T, N, discount, lambda);
}
