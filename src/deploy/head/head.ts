import type { Random } from "../../math/random.ts";

/** What a network's outputs say about the next action. */
export type ActionDistribution =
  /** Of every choice in every place, one after the other; those of a place sum to 1. */
  | { readonly kind: "categorical"; readonly probabilities: Float32Array }
  /** That each switch is on. */
  | { readonly kind: "bernoulli"; readonly probabilities: Float32Array }
  /** Before the action is clipped to the Box. */
  | { readonly kind: "gaussian"; readonly mean: Float32Array; readonly standardDeviation: Float32Array }
  /** Before tanh squashes the action and the Box stretches it. */
  | { readonly kind: "squashed-gaussian"; readonly mean: Float32Array; readonly standardDeviation: Float32Array }
  /** The one action there is. */
  | { readonly kind: "deterministic"; readonly action: Float32Array }
  /** Q(s, a) of every action; −∞ where it is forbidden. */
  | { readonly kind: "action-values"; readonly values: Float32Array }
  /** P(Z(s, a) = atom), [actions, atoms], and the mean of each, −∞ where the action is forbidden. */
  | { readonly kind: "value-distribution"; readonly probabilities: Float32Array; readonly values: Float32Array };

/** From a network's outputs to an action, in numbers. A mask holds 1 where an action is allowed. */
export interface Head {
  /** How many outputs the network must have. */
  readonly outputs: number;
  /** How many actions a mask can forbid; 0 where there are no masks. */
  readonly maskLength: number;
  /** Writes the most likely action, or with `random` one by chance. */
  choose(outputs: Float32Array, action: Float32Array, mask: Uint8Array | undefined, random: Random | null): void;
  distribution(outputs: Float32Array, mask: Uint8Array | undefined): ActionDistribution;
}
