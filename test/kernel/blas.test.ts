import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Blas, blasKernel } from "../../src/kernel/blas-kernel.ts";
import type { Activation } from "../../src/kernel/kernel.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";
import { openBlas } from "../../src/platform/node/blas.ts";
import { expectTwins, type Scenario, uniform } from "./twins.ts";

/** The product as it is defined: for machines without a library, and to tell our errors from the library's. */
const loops: Blas = {
  name: "loops",
  multiply(a, transposeA, b, transposeB, c, rows, columns, depth, accumulate) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = accumulate ? c[i * columns + j] : 0;
        for (let k = 0; k < depth; k++) {
          sum += a[transposeA ? k * rows + i : i * depth + k] * b[transposeB ? j * depth + k : k * columns + j];
        }
        c[i * columns + j] = sum;
      }
    }
  },
};

const activations = ["identity", "tanh", "relu", "elu"] as const satisfies Activation[];
const found = await openBlas();
const libraries = found.kind === "found" ? [loops, found.blas] : [loops];

/** Calls of `multiply`, counted: what is too small for the library must not count as tested with it. */
function counted(blas: Blas): Blas & { calls: number } {
  const counting = {
    name: blas.name,
    calls: 0,
    multiply: (...product: Parameters<Blas["multiply"]>) => {
      counting.calls++;
      blas.multiply(...product);
    },
  };
  return counting;
}

/** All four dense passes, each result. */
function passes(batch: number, inputs: number, outputs: number, activation: Activation): Scenario {
  return (kernel, random) => {
    const x = uniform(kernel, random, batch * inputs);
    const weights = uniform(kernel, random, inputs * outputs, 1 / Math.sqrt(inputs));
    const bias = uniform(kernel, random, outputs);
    const dz = uniform(kernel, random, batch * outputs, 1 / Math.sqrt(Math.max(batch, outputs)));
    const weightsDot = uniform(kernel, random, inputs * outputs, 1 / Math.sqrt(inputs));
    const [y, yDot, firstDot] = [0, 1, 2].map(() => kernel.float32(batch * outputs + 5).fill(7));
    const [dWeights, dBias] = [inputs * outputs, outputs].map((n) => uniform(kernel, random, n));
    const [dx, added, addedSlope] = [0, 1, 2].map(() => uniform(kernel, random, batch * inputs + 3));

    kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, activation);
    kernel.denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs);
    kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, false);
    kernel.denseBackwardInput(dz, weights, x, added, batch, inputs, outputs, "identity", true);
    kernel.denseBackwardInput(dz, weights, x, addedSlope, batch, inputs, outputs, activation, true);
    kernel.denseJvp(x, x, weights, weightsDot, bias, y, yDot, batch, inputs, outputs, activation);
    kernel.denseJvp(x, null, weights, weightsDot, bias, y, firstDot, batch, inputs, outputs, activation);
    return [y, dWeights, dBias, dx, added, addedSlope, yDot, firstDot];
  };
}

describe.each(libraries.map((blas) => [blas.name, blas] as const))("with %s", (_, blas) => {
  test("every dense pass is within 4e-6 of the reference, at any size and with each activation", () => {
    const counting = counted(blas);
    const makeKernel = (room: { bytes: number }) => blasKernel(wasmKernel(room), counting);
    const size = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(size, size, size, fc.constantFrom(...activations), fc.nat(), (n, m, k, activation, seed) =>
        expectTwins(seed, 4e-6, passes(n, m, k, activation), makeKernel),
      ),
      { numRuns: 60 },
    );
    for (const activation of activations) expectTwins(1, 4e-6, passes(131, 150, 133, activation), makeKernel);
    expect(counting.calls).toBeGreaterThan(200);
  });

  test("memory may be shared with threads or not", () => {
    for (const shared of [true, false]) {
      const makeKernel = (room: { bytes: number }) => blasKernel(wasmKernel({ ...room, shared }), blas);
      expectTwins(2, 4e-6, passes(64, 64, 64, "tanh"), makeKernel);
    }
  });
});

test("small products stay with the kernel, large ones go to the library, and the name says both", () => {
  const counting = counted(loops);
  const kernel = blasKernel(wasmKernel({ bytes: 2 ** 22 }), counting);
  const [small, large] = [8, 64].map((n) => () => {
    const [x, weights, y] = [0, 1, 2].map(() => kernel.float32(n * n));
    kernel.denseForward(x, weights, kernel.float32(n), y, n, n, n, "tanh");
  });
  small();
  expect(counting.calls).toBe(0);
  large();
  expect(counting.calls).toBe(1);
  expect(kernel.name).toBe("wasm + loops");
});

test("what a kernel with a library has handed out is counted on", () => {
  const kernel = blasKernel(wasmKernel({ bytes: 2 ** 20 }), loops);
  const before = kernel.bytesUsed;
  kernel.float32(64);
  expect(kernel.bytesUsed).toBeGreaterThanOrEqual(before + 256);
});

test("a file that is no library of matrix products is refused with what is wrong with it", async () => {
  const missing = await openBlas("/nowhere/libopenblas.so");
  expect(missing).toMatchObject({ kind: "absent" });
  expect(missing.kind === "absent" && missing.why).toMatch(/^\/nowhere\/libopenblas\.so cannot be loaded: /);
  const other =
    process.platform === "win32" ? "kernel32.dll" : process.platform === "darwin" ? "libSystem.dylib" : "libc.so.6";
  expect(await openBlas(other)).toEqual({ kind: "absent", why: `${other} has no function cblas_sgemm` });
});

if (found.kind === "absent") test.skip(`no library is tested here: ${found.why}`, () => {});
