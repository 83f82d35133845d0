import type { Space } from "../env/space.ts";
import type { Activation } from "../kernel/kernel.ts";
import type { Forest } from "../math/forest.ts";

/** How a network's outputs become an action. */
export type DistributionKind =
  /** Logits of every choice in every place. */
  | "categorical"
  /** Logits of switches. */
  | "bernoulli"
  /** Means; the spread is `logStd`, whatever the state. Clipped to the Box. */
  | "gaussian"
  /** [means | log standard deviations] of a Gaussian that tanh squashes into the Box. */
  | "squashed-gaussian"
  /** The action itself, from −1 to 1, stretched to the Box. */
  | "deterministic"
  /** Q(s, ·): the action of the largest is taken. */
  | "action-values"
  /** Logits of Z(s, a), [actions, atoms], over `support`: the action of the largest mean is taken. */
  | "value-distribution";

/** The atoms of a value distribution: evenly spaced, both ends among them. */
export interface ValueSupport {
  /** V_min */
  readonly low: number;
  /** V_max */
  readonly high: number;
  readonly atoms: number;
}

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
  /** "index": the first layer sees one one-hot over all that can be observed, so that its weights are a table, [states, outputs]. */
  readonly encoding?: "index";
  /** From observation to what `distribution` reads. */
  readonly layers: readonly Layer[];
  /** Of the Gaussian, [actionSize]; null for the others. */
  readonly logStd: Float32Array | null;
  /** Trees in the place of layers; `layers` is empty then. */
  readonly forest?: Forest;
  /** Of a value distribution alone. */
  readonly support?: ValueSupport;
  readonly normalization: Normalization | null;
  /** Every learned number, the critic's too: what `parametersHash` is taken of. */
  readonly parameters: Float32Array;
}
