import type { Random } from "../math/random.ts";

/** The values start, start + 1, …, start + n − 1. */
export interface Discrete {
  readonly kind: "discrete";
  readonly n: number;
  readonly start: number;
}

/** Real vectors between `low` and `high`, both of length ∏ shape, in row-major order. */
export interface Box {
  readonly kind: "box";
  readonly shape: readonly number[];
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** One choice out of nvec[i] in each place i. */
export interface MultiDiscrete {
  readonly kind: "multi-discrete";
  readonly nvec: readonly number[];
}

/** n switches. */
export interface MultiBinary {
  readonly kind: "multi-binary";
  readonly n: number;
}

/** Named parts. */
export interface Dict<S extends Readonly<Record<string, Space>> = Readonly<Record<string, AnySpace>>> {
  readonly kind: "dict";
  readonly spaces: S;
}

/** Numbered parts. */
export interface Tuple<S extends readonly Space[] = readonly AnySpace[]> {
  readonly kind: "tuple";
  readonly spaces: S;
}

type AnySpace = Discrete | Box | MultiDiscrete | MultiBinary | { readonly kind: "dict"; readonly spaces: object } | { readonly kind: "tuple"; readonly spaces: readonly object[] };

export type Space = AnySpace;
