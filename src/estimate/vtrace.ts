import { exp } from "../math/transcendental.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Estimates } from "./gae.ts";

export interface VtraceOptions {
  /** γ */
  readonly discount: number;
  /** λ: 0 looks one step ahead, 1 to the end. */
  readonly lambda: number;
  /** ρ̄: decides whose values are found; without a bound they are those of π. */
  readonly maxImportance: number;
  /** c̄: bounds how far a later step speaks back, at no price but speed. */
  readonly maxTrace: number;
}

/**
 * V-trace: values of π from steps of another policy μ. Espeholt et al. 2018, https://arxiv.org/abs/1802.01561, eq. 1.
 *
 *   ρₜ = min(ρ̄, π(aₜ|sₜ) / μ(aₜ|sₜ)),   cₜ = λ min(c̄, π(aₜ|sₜ) / μ(aₜ|sₜ))
 *   δₜ = ρₜ (rₜ₊₁ + γ V(sₜ₊₁) − V(sₜ)),   vₜ = V(sₜ) + δₜ + γ cₜ (vₜ₊₁ − V(sₜ₊₁))
 *   Âₜ = ρₜ (rₜ₊₁ + γ vₜ₊₁ − V(sₜ))
 *
 * The rollout holds log μ; `logProbs` is log π, [T, N]. The returns are v. A terminal successor is worth 0, one at a cut
 * V(sₜ₊₁).
 */
export function vtrace(
  rollout: Rollout,
  logProbs: Float32Array,
  { discount, lambda, maxImportance, maxTrace }: VtraceOptions,
  { advantages, returns }: Estimates,
): void {
  const { T, N, rewards, values, nextValues, terminated, truncated } = rollout;
  for (let n = 0; n < N; n++) {
    let correction = 0; // vₜ₊₁ − V(sₜ₊₁)
    for (let t = T - 1; t >= 0; t--) {
      const i = t * N + n;
      const ratio = exp(logProbs[i] - rollout.logProbs[i]);
      const importance = Math.min(maxImportance, ratio);
      const alive = 1 - terminated[i];
      if (truncated[i]) correction = 0;
      const target = rewards[i] + discount * alive * nextValues[i];
      const later = discount * alive * correction;
      advantages[i] = importance * (target + later - values[i]);
      correction = importance * (target - values[i]) + lambda * Math.min(maxTrace, ratio) * later;
      returns[i] = values[i] + correction;
    }
  }
}
