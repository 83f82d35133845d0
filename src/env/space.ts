/** What an observation or an action can be. */
export type Space = Discrete | Box | MultiDiscrete | MultiBinary | Dict | Tuple;

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

/** Named parts, in the order given. */
export interface Dict<S extends SpaceRecord = SpaceRecord> {
  readonly kind: "dict";
  readonly spaces: S;
}

/** Numbered parts. */
export interface Tuple<S extends readonly Space[] = readonly Space[]> {
  readonly kind: "tuple";
  readonly spaces: S;
}

export interface SpaceRecord {
  readonly [name: string]: Space;
}

/** What a space holds: a number, a typed array, or a record or list of them. */
export type Value = number | Float32Array | Int32Array | Uint8Array | readonly Value[] | ValueRecord;

interface ValueRecord {
  readonly [name: string]: Value;
}

/** The type of a space's values. */
export type ValueOf<S extends Space> = S extends Discrete
  ? number
  : S extends Box
    ? Float32Array
    : S extends MultiDiscrete
      ? Int32Array
      : S extends MultiBinary
        ? Uint8Array
        : S extends Dict<infer P>
          ? string extends keyof P
            ? ValueRecord
            : { readonly [K in keyof P]: ValueOf<P[K]> }
          : S extends Tuple<infer P>
            ? number extends P["length"]
              ? readonly Value[]
              : { readonly [K in keyof P]: P[K] extends Space ? ValueOf<P[K]> : never }
            : never;

export function discrete(n: number, start = 0): Discrete {
  requireCount("discrete: n", n);
  if (!Number.isSafeInteger(start)) throw new RangeError(`discrete: start must be an integer, got ${start}.`);
  return { kind: "discrete", n, start };
}

/** Bounds are one number for all places or one for each; the shape may be left out where a bound tells it. */
export function box(options: {
  low: number | ArrayLike<number>;
  high: number | ArrayLike<number>;
  shape?: readonly number[];
}): Box {
  const { low, high } = options;
  const told = typeof low === "number" ? high : low;
  const shape = options.shape ?? (typeof told === "number" ? undefined : [told.length]);
  if (shape === undefined) throw new TypeError("box: give a shape, or bounds as arrays; got two numbers and no shape.");
  for (const side of shape) requireCount("box: each side of the shape", side);
  const lows = bounds("low", low, shape);
  const highs = bounds("high", high, shape);
  lows.forEach((bound, i) => {
    if (bound <= highs[i]) return;
    throw new RangeError(`box: low must not exceed high, got ${bound} and ${highs[i]} in place ${i}.`);
  });
  return { kind: "box", shape: [...shape], low: lows, high: highs };
}

export function multiDiscrete(nvec: readonly number[]): MultiDiscrete {
  if (nvec.length === 0) throw new RangeError("multiDiscrete: nvec must have a place, got none.");
  for (const n of nvec) requireCount("multiDiscrete: each entry of nvec", n);
  return { kind: "multi-discrete", nvec: [...nvec] };
}

export function multiBinary(n: number): MultiBinary {
  requireCount("multiBinary: n", n);
  return { kind: "multi-binary", n };
}

export function dict<const S extends SpaceRecord>(spaces: S): Dict<S> {
  if (Object.keys(spaces).length === 0) throw new RangeError("dict: needs a part, got none.");
  const numeric = Object.keys(spaces).find((name) => /^\d+$/.test(name));
  if (numeric !== undefined) {
    // JavaScript puts such names first, whatever the order given.
    throw new RangeError(`dict: a part's name must hold more than digits, got "${numeric}".`);
  }
  return { kind: "dict", spaces };
}

export function tuple<const S extends readonly Space[]>(spaces: S): Tuple<S> {
  if (spaces.length === 0) throw new RangeError("tuple: needs a part, got none.");
  return { kind: "tuple", spaces };
}

/** Numbers per flattened observation: a one-hot for each choice, the rest as they are. */
export function flatSize(space: Space): number {
  switch (space.kind) {
    case "discrete":
    case "multi-binary":
      return space.n;
    case "multi-discrete":
      return sum(space.nvec);
    case "box":
      return space.low.length;
    case "dict":
    case "tuple":
      return sum(partsOf(space).map(([, part]) => flatSize(part)));
    default:
      return unknownSpace("flatSize", space);
  }
}

/** Numbers per flattened action: one for Discrete, one per place for the others. */
export function actionSize(space: Space): number {
  switch (space.kind) {
    case "discrete":
      return 1;
    case "multi-binary":
      return space.n;
    case "multi-discrete":
      return space.nvec.length;
    case "box":
      return space.low.length;
    case "dict":
    case "tuple":
      return sum(partsOf(space).map(([, part]) => actionSize(part)));
    default:
      return unknownSpace("actionSize", space);
  }
}

/** Logits per action, and so the length of its mask: one for each choice or switch, none for a Box. */
export function logitCount(space: Space): number {
  switch (space.kind) {
    case "discrete":
    case "multi-binary":
      return space.n;
    case "multi-discrete":
      return sum(space.nvec);
    case "box":
      return 0;
    case "dict":
    case "tuple":
      return sum(partsOf(space).map(([, part]) => logitCount(part)));
    default:
      return unknownSpace("logitCount", space);
  }
}

/** The parts of a composite space, with the name or number of each. */
export function partsOf(space: Dict | Tuple): [string, Space][] {
  return Object.entries(space.spaces);
}

/** For the default of an exhaustive switch: the compiler knows that nothing arrives here, a file may not. */
export function unknownSpace(who: string, space: never): never {
  throw new TypeError(`${who}: unknown space ${JSON.stringify(space)}.`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function requireCount(what: string, n: number): void {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`${what} must be a positive integer, got ${n}.`);
}

function bounds(name: "low" | "high", bound: number | ArrayLike<number>, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  const values = typeof bound === "number" ? new Float32Array(size).fill(bound) : Float32Array.from(bound);
  if (values.length !== size) {
    throw new RangeError(`box: ${name} must have ${size} entries for shape [${shape}], got ${values.length}.`);
  }
  if (values.some(Number.isNaN)) throw new RangeError(`box: ${name} must be a number in every place, got NaN.`);
  return values;
}
