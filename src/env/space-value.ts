import type { Random } from "../math/random.ts";
import { log } from "../math/transcendental.ts";
import { describeValue } from "./describe-value.ts";
import { partsOf, type Space, unknownSpace, type Value, type ValueOf } from "./space.ts";

type Parts = Readonly<Record<string, Value>>;

/** A random value: uniform between bounds, exponential beyond a single one, normal without any. */
export function sample<S extends Space>(space: S, random: Random): ValueOf<S> {
  return sampleValue(space, random) as ValueOf<S>;
}

function sampleValue(space: Space, random: Random): Value {
  switch (space.kind) {
    case "discrete":
      return space.start + random.integer(space.n);
    case "box":
      return space.low.map((low, i) => sampleBetween(low, space.high[i], random));
    case "multi-discrete":
      return Int32Array.from(space.nvec, (n) => random.integer(n));
    case "multi-binary":
      return new Uint8Array(space.n).map(() => random.integer(2));
    case "dict":
      return Object.fromEntries(partsOf(space).map(([name, part]) => [name, sampleValue(part, random)]));
    case "tuple":
      return partsOf(space).map(([, part]) => sampleValue(part, random));
    default:
      return unknownSpace("sample", space);
  }
}

function sampleBetween(low: number, high: number, random: Random): number {
  const bounded = Number.isFinite(low) && Number.isFinite(high);
  if (bounded) return Math.min(high, low + (high - low) * random.uniform());
  const exponential = () => -log(1 - random.uniform());
  if (Number.isFinite(low)) return low + exponential();
  if (Number.isFinite(high)) return high - exponential();
  return random.normal();
}

/** Whether `value` is one of the space's: right type, right length, within the bounds. */
export function contains<S extends Space>(space: S, value: unknown): value is ValueOf<S> {
  return holds(space, value);
}

function holds(space: Space, value: unknown): boolean {
  switch (space.kind) {
    case "discrete":
      return Number.isInteger(value) && within(value as number, space.start, space.start + space.n - 1);
    case "box":
      return (
        value instanceof Float32Array &&
        value.length === space.low.length &&
        value.every((x, i) => within(x, space.low[i], space.high[i]))
      );
    case "multi-discrete":
      return (
        value instanceof Int32Array &&
        value.length === space.nvec.length &&
        value.every((x, i) => within(x, 0, space.nvec[i] - 1))
      );
    case "multi-binary":
      return value instanceof Uint8Array && value.length === space.n && value.every((x) => x <= 1);
    case "dict":
    case "tuple": {
      if (typeof value !== "object" || value === null) return false;
      const parts = partsOf(space);
      const sameParts = Object.keys(value).length === parts.length && Array.isArray(value) === (space.kind === "tuple");
      return sameParts && parts.every(([name, part]) => holds(part, (value as Parts)[name]));
    }
    default:
      return unknownSpace("contains", space);
  }
}

function within(x: number, low: number, high: number): boolean {
  return x >= low && x <= high;
}

/** Writes an observation as `flatSize` numbers from `offset` on, and returns the offset behind them. Bounds are not enforced. */
export function flatten<S extends Space>(space: S, value: ValueOf<S>, out: Float32Array, offset: number): number {
  return flattenValue(space, value, out, offset, "observation");
}

function flattenValue(space: Space, value: unknown, out: Float32Array, offset: number, name: string): number {
  switch (space.kind) {
    case "discrete":
      requireInteger(name, value, space.start, space.start + space.n - 1);
      return oneHot(value - space.start, space.n, out, offset);
    case "multi-discrete":
      requireLength(name, value, space.nvec.length);
      return space.nvec.reduce((at, n, i) => {
        const index = value[i];
        requireInteger(`${name}[${i}]`, index, 0, n - 1);
        return oneHot(index, n, out, at);
      }, offset);
    case "multi-binary":
      requireLength(name, value, space.n);
      for (let i = 0; i < space.n; i++) {
        if (value[i] !== 0 && value[i] !== 1) refuse(`${name}[${i}]`, "0 or 1", value[i]);
      }
      return copy(value, out, offset);
    case "box":
      requireLength(name, value, space.low.length);
      return copy(value, out, offset);
    case "dict":
    case "tuple": {
      const parts = partsOf(space);
      requireParts(name, value, parts);
      return parts.reduce((at, [key, part]) => flattenValue(part, value[key], out, at, `${name}.${key}`), offset);
    }
    default:
      return unknownSpace("flatten", space);
  }
}

function oneHot(index: number, n: number, out: Float32Array, offset: number): number {
  out.fill(0, offset, offset + n);
  out[offset + index] = 1;
  return offset + n;
}

function copy(values: ArrayLike<number>, out: Float32Array, offset: number): number {
  out.set(values, offset);
  return offset + values.length;
}

function requireInteger(name: string, value: unknown, low: number, high: number): asserts value is number {
  const fits = Number.isInteger(value) && within(value as number, low, high);
  if (!fits) refuse(name, `an integer from ${low} to ${high}`, value);
}

function requireLength(name: string, value: unknown, length: number): asserts value is ArrayLike<number> {
  if ((value as ArrayLike<number> | undefined)?.length !== length) refuse(name, `${length} numbers`, value);
}

function requireParts(name: string, value: unknown, parts: readonly [string, Space][]): asserts value is Parts {
  const isWhole = typeof value === "object" && value !== null && Object.keys(value).length === parts.length;
  if (isWhole && parts.every(([key]) => key in value)) return;
  refuse(name, `the parts ${parts.map(([key]) => key).join(", ")}`, value);
}

function refuse(name: string, wanted: string, value: unknown): never {
  throw new RangeError(`flatten: ${name} must be ${wanted}, got ${describeValue(value)}.`);
}

/** Writes an action as `actionSize` numbers from `offset` on, and returns the offset behind them. */
export function encodeAction<S extends Space>(space: S, action: ValueOf<S>, out: Float32Array, offset: number): number {
  return encodeValue(space, action, out, offset);
}

function encodeValue(space: Space, action: unknown, out: Float32Array, offset: number): number {
  switch (space.kind) {
    case "discrete":
      out[offset] = (action as number) - space.start;
      return offset + 1;
    case "box":
    case "multi-discrete":
    case "multi-binary":
      return copy(action as ArrayLike<number>, out, offset);
    case "dict":
    case "tuple":
      return partsOf(space).reduce((at, [name, part]) => encodeValue(part, (action as Parts)[name], out, at), offset);
    default:
      return unknownSpace("encodeAction", space);
  }
}

/** The action that `encodeAction` wrote at `offset`. */
export function decodeAction<S extends Space>(space: S, flat: Float32Array, offset: number): ValueOf<S> {
  return decodeParts(space, flat, { offset }) as ValueOf<S>;
}

function decodeParts(space: Space, flat: Float32Array, cursor: { offset: number }): Value {
  const take = (count: number) => {
    cursor.offset += count;
    return flat.subarray(cursor.offset - count, cursor.offset);
  };
  switch (space.kind) {
    case "discrete":
      return take(1)[0] + space.start;
    case "box":
      return take(space.low.length).slice();
    case "multi-discrete":
      return Int32Array.from(take(space.nvec.length));
    case "multi-binary":
      return Uint8Array.from(take(space.n));
    case "dict":
      return Object.fromEntries(partsOf(space).map(([name, part]) => [name, decodeParts(part, flat, cursor)]));
    case "tuple":
      return partsOf(space).map(([, part]) => decodeParts(part, flat, cursor));
    default:
      return unknownSpace("decodeAction", space);
  }
}
