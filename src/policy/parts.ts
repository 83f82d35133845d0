import type { Kernel } from "../kernel/kernel.ts";

/** One flat array, cut into parts by name. */
export interface Parts<Name extends string> {
  /** Every part, one behind the other. */
  readonly whole: Float32Array;
  readonly part: Readonly<Record<Name, Float32Array>>;
}

/** Zeroed parts of these lengths, in this order. */
export function createParts<Name extends string>(kernel: Kernel, lengths: Readonly<Record<Name, number>>): Parts<Name> {
  const entries = Object.entries(lengths) as [Name, number][];
  const whole = kernel.float32(entries.reduce((sum, [, length]) => sum + length, 0));
  let offset = 0;
  const part = {} as Record<Name, Float32Array>;
  for (const [name, length] of entries) {
    part[name] = whole.subarray(offset, offset + length);
    offset += length;
  }
  return { whole, part };
}
