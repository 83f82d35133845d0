import { expect, test } from "vitest";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";
import { cos, exp, log, sin, tanh } from "../../src/math/transcendental.ts";
import { expectTwins, filled } from "./twins.ts";

const double = { exp, log, tanh, sin, cos };

/** The largest errors over 40,001 even steps from low to high: absolute, and relative to the true value. */
function worst(name: keyof typeof double, low: number, high: number): { absolute: number; relative: number } {
  const kernel = wasmKernel({ bytes: 2 ** 20 });
  const steps = 40_001;
  const x = filled(kernel.float32(steps), (i) => low + ((high - low) * i) / (steps - 1));
  const y = kernel.float32(steps);
  kernel[name](x, y);
  let absolute = 0;
  let relative = 0;
  for (let i = 0; i < steps; i++) {
    const error = Math.abs(y[i] - double[name](x[i]));
    absolute = Math.max(absolute, error);
    if (error > 0) relative = Math.max(relative, error / Math.abs(double[name](x[i])));
  }
  return { absolute, relative };
}

test("exp is within 1e-7 relative", () => {
  expect(worst("exp", -87, 88).relative).toBeLessThan(1e-7);
  expect(worst("exp", -1, 1).relative).toBeLessThan(1e-7);
});

test("log is within 1e-7 relative, near 1 and among subnormal numbers too", () => {
  for (const [low, high] of [
    [0.5, 2],
    [0.99, 1.01],
    [1e-3, 1e4],
    [1e-40, 1e-38],
    [1e30, 3e38],
  ]) {
    expect(worst("log", low, high).relative).toBeLessThan(1e-7);
  }
});

test("tanh is within 4e-7 relative and never beyond 1", () => {
  for (const [low, high] of [
    [-12, 12],
    [-0.5, 0.5],
    [1e-6, 1e-3],
    [3, 9.1],
  ]) {
    expect(worst("tanh", low, high).relative).toBeLessThan(4e-7);
  }
});

test("tanh is odd to the last bit and 1 at most", () => {
  const kernel = wasmKernel({ bytes: 2 ** 20 });
  const x = filled(kernel.float32(20_000), (i) => (i % 2 === 0 ? 1 : -1) * 6e-4 * (i >> 1) * 2);
  const y = kernel.float32(x.length);
  kernel.tanh(x, y);
  for (let i = 0; i < y.length; i += 2) {
    expect(y[i]).toBe(-y[i + 1]);
    expect(Math.abs(y[i])).toBeLessThanOrEqual(1);
  }
});

test("sin and cos are within 1e-7 absolute up to |x| = 10⁴", () => {
  for (const name of ["sin", "cos"] as const) {
    expect(worst(name, -4, 4).absolute).toBeLessThan(1e-7);
    expect(worst(name, -1e4, 1e4).absolute).toBeLessThan(1e-7);
  }
});

test("the ends of the number line are as in Math", () => {
  expectTwins(0, 2e-7, (kernel) => {
    const ends = [0, -0, 1, Infinity, -Infinity, NaN, 89, -104, 1e-40, 3e38];
    const x = filled(kernel.float32(ends.length), (i) => ends[i]);
    return (["exp", "log", "tanh"] as const).map((name) => {
      const y = kernel.float32(ends.length);
      kernel[name](x, y);
      return y.map((v) => v + 0); // −0 is 0 here
    });
  });
});
