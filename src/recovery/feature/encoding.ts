import { log1p } from "../../math/transcendental.ts";
import type { FeatureValue } from "../record/decision-record.ts";

/** How one feature becomes numbers that a network reads. */
export interface Encoding {
  readonly size: number;
  /** What it makes numbers of, in a word: two encodings that tell the same are the same. */
  readonly label: string;
  /** Writes `size` numbers over zeros; false where the value is none that it knows. */
  write(value: FeatureValue, out: Float32Array, at: number): boolean;
}

/** One of these words, as a one-hot. Any other word is unknown, and the runbook decides. */
export function category(values: readonly string[]): Encoding {
  return {
    size: values.length,
    label: `one of ${values.join(", ")}`,
    write(value, out, at) {
      const place = values.indexOf(String(value));
      if (place >= 0) out[at + place] = 1;
      return place >= 0;
    },
  };
}

/** Any word or number, by its hash, as one of so many one-hots: ids, names of services. */
export function hashed(buckets = 16): Encoding {
  return {
    size: buckets,
    label: `hashed to ${buckets}`,
    write(value, out, at) {
      out[at + (fnv1a(String(value)) % buckets)] = 1;
      return true;
    },
  };
}

/** A finite number over `scale`; without one, its logarithm, sign(x) ln(1 + |x|) / 8. */
export function number({ scale }: { readonly scale?: number } = {}): Encoding {
  return {
    size: 1,
    label: scale === undefined ? "a logarithm" : `over ${scale}`,
    write(value, out, at) {
      if (typeof value !== "number" || !Number.isFinite(value)) return false;
      out[at] = scale === undefined ? (Math.sign(value) * log1p(Math.abs(value))) / 8 : value / scale;
      return true;
    },
  };
}

/** A number that may be missing, `null`: a second input says that it is there. */
export function optional(encoding: Encoding = number()): Encoding {
  return {
    size: encoding.size + 1,
    label: `${encoding.label}, or null`,
    write(value, out, at) {
      if (value === null) return true;
      out[at + encoding.size] = 1;
      return encoding.write(value, out, at);
    },
  };
}

/** true or false. */
export function flag(): Encoding {
  return {
    size: 1,
    label: "true or false",
    write(value, out, at) {
      out[at] = value === true ? 1 : 0;
      return typeof value === "boolean";
    },
  };
}

/** What suits a value of this type, where none was declared. */
export function encodingFor(value: FeatureValue): Encoding {
  if (value === null) return optional();
  if (typeof value === "string") return hashed();
  return typeof value === "boolean" ? flag() : number();
}

/** Fowler, Noll and Vo's hash of 32 bits, over UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
