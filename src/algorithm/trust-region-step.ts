import type { Kernel } from "../kernel/kernel.ts";
import { mean } from "../math/statistics.ts";
import { surrogate } from "../objective/surrogate.ts";
import { createConjugateGradient, dot, type Multiply } from "../optimizer/conjugate-gradient.ts";
import { createLineSearch } from "../optimizer/line-search.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";
import { type Batch, createThinning } from "../rollout/minibatches.ts";
import { assertFinite } from "./non-finite-error.ts";

/** What a step says of itself: `entropy` and `gradientNorm` of π_old, the rest of the policy it came to. */
export type TrustRegionStep = Record<"policyLoss" | "entropy" | "kl" | "gradientNorm" | "stepFraction", number>;

/** The options of a step, by the names that they have in TRPO. */
export interface TrustRegion {
  /** δ */
  readonly targetKl: number;
  readonly damping: number;
  readonly conjugateGradientSteps: number;
  readonly lineSearchShrink: number;
  readonly lineSearchSteps: number;
  readonly fisherFraction: number;
  readonly normalizeAdvantages: boolean;
}

/**
 * The step of trust region policy optimization, over a whole batch.
 * Schulman et al. 2015, https://arxiv.org/abs/1502.05477, eq. 14 and appendix C.
 *
 *   maximise L(θ) = mean r Â   where   mean KL ≤ δ
 *
 * `steps` is named in errors.
 */
export function createTrustRegionStep(
  kernel: Kernel,
  policy: ActorCritic,
  batch: Batch,
  config: TrustRegion,
): (steps: number) => TrustRegionStep {
  const n = batch.size;
  const { actor, distributionOf: distribution, logStd } = policy;
  const slopes = { dLogProbs: kernel.float32(n), dEntropies: kernel.float32(n), dValues: kernel.float32(n) };
  const [gradient, direction, product] = [0, 1, 2].map(() => kernel.float32(actor.parameters.length));
  const old = {
    outputs: new Float32Array(n * distribution.size),
    logStd: new Float32Array(logStd?.length ?? 0),
    masks: batch.masks,
  };
  const divergences = new Float32Array(n);
  const sample = createThinning(kernel, batch, config.fisherFraction);
  const solve = createConjugateGradient(kernel, actor.parameters.length);
  const search = createLineSearch(kernel, actor.parameters);

  const dampedFisher: Multiply = (p, out) => {
    policy.fisherProduct(p, out);
    kernel.addScaled(out, config.damping, p);
  };

  /** L(θ) = mean r Â */
  const objective = (logProbs: Float32Array) =>
    surrogate({ logProbs, oldLogProbs: batch.logProbs, advantages: batch.advantages }, n, slopes.dLogProbs);

  return (steps) => {
    if (config.normalizeAdvantages && n > 1) kernel.standardize(batch.advantages);
    const now = policy.evaluate(batch);
    const entropy = mean(now.entropies.subarray(0, n));
    old.outputs.set(now.outputs.subarray(0, old.outputs.length));
    if (logStd) old.logStd.set(logStd);

    // g = ∇L(θ_old)
    let best = { value: objective(now.logProbs), kl: 0 };
    policy.backward(slopes);
    gradient.set(actor.gradients);
    const gradientNorm = Math.sqrt(kernel.squaredNorm(gradient));
    assertFinite("trpo", "update", steps, "the norm of the surrogate's gradient", gradientNorm);

    // s ≈ F⁻¹ g: where L grows most for the KL that it costs.
    policy.evaluate(sample());
    solve(dampedFisher, gradient, config.conjugateGradientSteps, direction);

    // s ← √(2δ / sᵀ F s) s: so far that ½ sᵀ F s, which is KL to second order, is δ.
    dampedFisher(direction, product);
    const curvature = dot(direction, product);
    kernel.scale(direction, curvature > 0 ? Math.sqrt((2 * config.targetKl) / curvature) : 0);

    // Backtrack until L has truly grown and KL truly is within δ.
    const stepFraction = search(direction, config.lineSearchShrink, config.lineSearchSteps, () => {
      const { logProbs, outputs } = policy.evaluate(batch);
      distribution.divergence({ outputs, masks: batch.masks }, old, n, divergences);
      const tried = { value: objective(logProbs), kl: mean(divergences) };
      const accepted = tried.value > best.value && tried.kl < config.targetKl;
      if (accepted) best = tried;
      return accepted;
    });
    return { policyLoss: -best.value, entropy, kl: best.kl, gradientNorm, stepFraction };
  };
}
