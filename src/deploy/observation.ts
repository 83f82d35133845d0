import { partsOf, type Space, unknownSpace, type Value } from "../env/space.ts";

/** Refuses what a space cannot hold. Bounds are not enforced: sensors overshoot, and the network was trained to cope. */
export function requireObservation(space: Space, value: unknown, where = "observation"): asserts value is Value {
  switch (space.kind) {
    case "discrete":
      if (Number.isInteger(value) && isWithin(value as number, space.start, space.n)) return;
      refuse(where, `an integer from ${space.start} to ${space.start + space.n - 1}`, value);
      break;
    case "box": {
      if (!(value instanceof Float32Array)) refuse(where, `a Float32Array of length ${space.low.length}`, value);
      requireLength(where, value, space.low.length);
      const place = value.findIndex(Number.isNaN);
      if (place >= 0) throw new RangeError(`act: ${where} must hold numbers only, got NaN in place ${place}.`);
      break;
    }
    case "multi-discrete":
      if (!(value instanceof Int32Array)) refuse(where, `an Int32Array of length ${space.nvec.length}`, value);
      requireLength(where, value, space.nvec.length);
      space.nvec.forEach((n, i) => {
        if (!isWithin(value[i], 0, n)) refuse(`${where}[${i}]`, `an integer from 0 to ${n - 1}`, value[i]);
      });
      break;
    case "multi-binary": {
      if (!(value instanceof Uint8Array)) refuse(where, `a Uint8Array of length ${space.n}`, value);
      requireLength(where, value, space.n);
      const place = value.findIndex((x) => x > 1);
      if (place >= 0) refuse(`${where}[${place}]`, "0 or 1", value[place]);
      break;
    }
    case "dict":
      if (typeof value !== "object" || value === null) {
        refuse(where, `an object with ${Object.keys(space.spaces).join(", ")}`, value);
      }
      for (const [name, part] of partsOf(space)) {
        requireObservation(part, (value as Record<string, unknown>)[name], `${where}.${name}`);
      }
      break;
    case "tuple":
      if (!Array.isArray(value)) refuse(where, `an array of ${space.spaces.length}`, value);
      requireLength(where, value, space.spaces.length);
      space.spaces.forEach((part, i) => {
        requireObservation(part, value[i], `${where}[${i}]`);
      });
      break;
    default:
      unknownSpace("act", space);
  }
}

function isWithin(value: number, start: number, n: number): boolean {
  return value >= start && value < start + n;
}

function requireLength(where: string, value: ArrayLike<unknown>, length: number): void {
  if (value.length !== length) throw new RangeError(`act: ${where} must have length ${length}, got ${value.length}.`);
}

/** A number of the right type is out of range; anything else has the wrong type. */
function refuse(where: string, wanted: string, value: unknown): never {
  const message = `act: ${where} must be ${wanted}, got ${describe(value)}.`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return `${value.constructor.name} of length ${(value as unknown as ArrayLike<unknown>).length}`;
  }
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
