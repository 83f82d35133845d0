import type { Space } from "../env/space.ts";
import type { Activation } from "../kernel/kernel.ts";

/** How a network's outputs become chances of actions. */
export type DistributionKind = "categorical" | "bernoulli" | "gaussian";

/** One dense layer: y = f(x W + b). */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** [inputs, outputs] */
  readonly weights: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}

/** What the observations are divided by before the network sees them: clip((o − mean) / √(variance + epsilon), ±clip). */
export interface Normalization {
  readonly mean: ArrayLike<number>;
  readonly variance: ArrayLike<number>;
  readonly epsilon: number;
  readonly clip: number;
}

/** All that is needed to act: flat observation → normalise → layers → distribution → action. The arrays are live views. */
export interface Policy<O extends Space = Space, A extends Space = Space> {
  readonly observationSpace: O;
  readonly actionSpace: A;
  readonly distribution: DistributionKind;
  /** From observation to logits or mean. */
  readonly layers: readonly Layer[];
  /** Of the Gaussian, [actionSize]; null for the others. */
  readonly logStd: Float32Array | null;
  readonly normalization: Normalization | null;
  /** Every learned number, the critic's too: what `parametersHash` is taken of. */
  readonly parameters: Float32Array;
}
