import * as fc from "fast-check";
import { expect } from "vitest";
import type { Kernel, MakeKernel } from "../../src/kernel/kernel.ts";
import { referenceKernel } from "../../src/kernel/reference.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";
import { createRandom, type Random } from "../../src/math/random.ts";

// The same cases on every run: the errors that tests state held over a thousand cases each with another seed.
fc.configureGlobal({ seed: 1 });

type Numbers = ArrayLike<number>;

/** What a test does with one kernel; what it returns is compared. */
export type Scenario = (kernel: Kernel, random: Random) => Numbers[];

/** Runs a scenario on both kernels, chance being the same, and expects |fast − reference| ≤ error · (1 + |reference|). */
export function expectTwins(seed: number, error: number, scenario: Scenario, makeFast: MakeKernel = wasmKernel): void {
  const fast = scenario(makeFast({ bytes: 2 ** 22 }), createRandom(seed));
  const plain = scenario(referenceKernel({ bytes: 2 ** 22 }), createRandom(seed));
  for (const [i, expected] of plain.entries()) expectClose(fast[i], expected, error);
}

/** Expects |actual − expected| ≤ error · (1 + |expected|), entry by entry. */
export function expectClose(actual: Numbers, expected: Numbers, error: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const distance = Math.abs(actual[i] - expected[i]);
    if (!(distance <= error * (1 + Math.abs(expected[i])))) expect(actual[i], `entry ${i}`).toBe(expected[i]);
  }
}

/** Uniform numbers between ±size in kernel memory. */
export function uniform(kernel: Kernel, random: Random, length: number, size = 1): Float32Array {
  return filled(kernel.float32(length), () => size * (2 * random.uniform() - 1));
}

/** Each entry set to what `value` gives. */
export function filled<A extends Float32Array | Uint8Array | Int32Array>(array: A, value: (i: number) => number): A {
  for (let i = 0; i < array.length; i++) array[i] = value(i);
  return array;
}
