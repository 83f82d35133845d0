import type { Random } from "../../math/random.ts";
import type { DistributionKind } from "../policy.ts";

/** Chances of actions, from what a network puts out: "parameters" are logits or means, [batch, size]. */
export interface Distribution {
  readonly kind: Extract<DistributionKind, "categorical" | "bernoulli" | "gaussian">;
  /** Network outputs per row. */
  readonly size: number;
  /** Numbers per action. */
  readonly actionSize: number;
  /** Draws actions and says how likely they were. `masks` [batch, size], 1 where allowed, or null. */
  sample(
    parameters: Float32Array,
    masks: Uint8Array | null,
    batch: number,
    random: Random,
    actions: Float32Array,
    logProbs: Float32Array,
  ): void;
  /** The likeliest actions. */
  mode(parameters: Float32Array, masks: Uint8Array | null, batch: number, actions: Float32Array): void;
  /** log π(a) and the entropy of each row. */
  evaluate(
    parameters: Float32Array,
    masks: Uint8Array | null,
    actions: Float32Array,
    batch: number,
    logProbs: Float32Array,
    entropies: Float32Array,
  ): void;
  /** From the slopes of each row's log π(a) and entropy to those of the parameters. Follows `evaluate` of the same batch. */
  backward(
    parameters: Float32Array,
    actions: Float32Array,
    dLogProbs: Float32Array,
    dEntropies: Float32Array,
    batch: number,
    dParameters: Float32Array,
  ): void;
  /** KL(p ‖ q) of each row, for two sets of parameters. */
  divergence(p: DistributionParameters, q: DistributionParameters, batch: number, out: Float32Array): void;
  /**
   * The slopes of Σ weights·KL(p ‖ q) at q's outputs, [batch, size], and at its log standard deviation if it has one:
   * what a trust region's metric and an exact KL penalty need. `weights` [batch].
   */
  divergenceBackward(
    p: DistributionParameters,
    q: DistributionParameters,
    weights: Float32Array,
    batch: number,
    dOutputs: Float32Array,
  ): void;
  /**
   * How fast the slopes of the rows' mean KL grow along a tangent of the parameters, [batch, size], from where π stands: the Fisher metric times the tangent.
   * A Gaussian's log standard deviations have a tangent of their own, [size]. Follows `evaluate` of the same batch.
   */
  metric(tangent: Float32Array, logStdTangent: Float32Array, batch: number, dParameters: Float32Array): void;
}

/** One side of a divergence. */
export interface DistributionParameters {
  /** Logits or means, [batch, size]. */
  readonly outputs: Float32Array;
  /** Gaussian only, [size]. */
  readonly logStd?: Float32Array;
  readonly masks?: Uint8Array | null;
}
