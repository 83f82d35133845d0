import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceleratedKernel } from "../../src/kernel/accelerated-kernel.ts";
import type { Activation, MakeKernel } from "../../src/kernel/kernel.ts";
import type { Blas } from "../../src/kernel/native.ts";
import { openBlas } from "../../src/platform/node/blas.ts";
import { expectTwins, type Scenario, uniform } from "./twins.ts";

/** The product as it is defined: for machines without a library, and to tell our errors from the library's. */
const loops: Blas = {
  name: "loops",
  bind: (buffer) => (transposeA, transposeB, m, n, k, a, aRow, b, bRow, beta, c, cRow) => {
    const [A, B, C] = [a, b, c].map((place) => new Float32Array(buffer, place));
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let sum = beta * (beta === 0 ? 0 : C[row * cRow + column]);
        for (let i = 0; i < k; i++) {
          const left = A[transposeA ? i * aRow + row : row * aRow + i];
          sum += left * B[transposeB ? column * bRow + i : i * bRow + column];
        }
        C[row * cRow + column] = sum;
      }
    }
  },
};

const activations = ["identity", "tanh", "relu", "elu"] as const satisfies Activation[];
const found = await openBlas();
const libraries = found.kind === "found" ? [loops, found.blas] : [loops];

/** The same library; its products are counted, for what is too small to go there must not count as tested with it. */
function counted(blas: Blas): Blas & { calls: number } {
  const counting: Blas & { calls: number } = {
    name: blas.name,
    calls: 0,
    bind(buffer) {
      const sgemm = blas.bind(buffer);
      return (...product) => {
        counting.calls++;
        sgemm(...product);
      };
    },
  };
  return counting;
}

/** One thread and a library. */
function kernelWith(blas: Blas): MakeKernel {
  return (room) => acceleratedKernel({ threads: 1, start: () => {}, blas }, room);
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
    const size = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(size, size, size, fc.constantFrom(...activations), fc.nat(), (n, m, k, activation, seed) =>
        expectTwins(seed, 4e-6, passes(n, m, k, activation), kernelWith(counting)),
      ),
      { numRuns: 60 },
    );
    for (const f of activations) expectTwins(1, 4e-6, passes(131, 150, 133, f), kernelWith(counting));
    expect(counting.calls).toBeGreaterThan(200);
  });
});

test("small products stay with the kernel, large ones go to the library, and the name says both", () => {
  const counting = counted(loops);
  const kernel = kernelWith(counting)({ bytes: 2 ** 22 });
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

test("what an accelerated kernel has handed out is counted on", () => {
  const kernel = kernelWith(loops)({ bytes: 2 ** 20 });
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
