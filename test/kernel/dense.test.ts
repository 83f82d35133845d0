import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Activation, Kernel } from "../../src/kernel/kernel.ts";
import { activate, slope } from "../../src/kernel/reference/activation.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";
import { createRandom, type Random } from "../../src/math/random.ts";
import { expectClose, expectTwins, uniform } from "./twins.ts";

const activations = ["identity", "tanh", "relu", "elu"] as const satisfies Activation[];
const size = fc.integer({ min: 1, max: 40 });
const seed = fc.nat();
const anyLayer = fc.tuple(size, size, size, fc.constantFrom(...activations), seed);

/** Sizes that take every path: vectors of rows, panels, copies to scratch, sums in several parts. */
const hotShapes: readonly (readonly [batch: number, inputs: number, outputs: number])[] = [
  [1, 4, 64],
  [8, 64, 64],
  [64, 64, 64],
  [64, 3, 64],
  [64, 6, 64],
  [65, 64, 2],
  [67, 64, 1],
  [33, 64, 3],
  [131, 150, 132],
  [20, 300, 150],
  [18, 300, 2],
  [300, 17, 9],
  [22, 140, 300],
];

/** One layer's arrays; weights shrink with the number of inputs, so that sums stay near 1. */
function layer(kernel: Kernel, random: Random, batch: number, inputs: number, outputs: number) {
  return {
    x: uniform(kernel, random, batch * inputs),
    weights: uniform(kernel, random, inputs * outputs, 1 / Math.sqrt(inputs)),
    bias: uniform(kernel, random, outputs),
    y: kernel.float32(batch * outputs),
    dz: uniform(kernel, random, batch * outputs, 1 / Math.sqrt(Math.max(batch, outputs))),
  };
}

function expectForwardTwins(batch: number, inputs: number, outputs: number, activation: Activation, seed: number) {
  expectTwins(seed, 2e-6, (kernel, random) => {
    const { x, weights, bias, y } = layer(kernel, random, batch, inputs, outputs);
    kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, activation);
    return [y];
  });
}

function expectBackwardTwins(batch: number, inputs: number, outputs: number, activation: Activation, seed: number) {
  expectTwins(seed, 4e-6, (kernel, random) => {
    const { x, weights, dz } = layer(kernel, random, batch, inputs, outputs);
    const dWeights = uniform(kernel, random, inputs * outputs);
    const dBias = uniform(kernel, random, outputs);
    const dx = uniform(kernel, random, batch * inputs);
    const more = dx.slice();
    const added = kernel.float32(dx.length);
    added.set(more);
    kernel.denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs);
    kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, false);
    kernel.denseBackwardInput(dz, weights, x, added, batch, inputs, outputs, activation, true);
    return [dWeights, dBias, dx, added];
  });
}

test("denseForward is within 2e-6 of its twin at any size", () => {
  fc.assert(fc.property(anyLayer, (layer) => expectForwardTwins(...layer)));
  for (const shape of hotShapes) for (const f of activations) expectForwardTwins(...shape, f, 1);
});

test("both backward passes are within 4e-6 of their twins at any size", () => {
  fc.assert(fc.property(anyLayer, (layer) => expectBackwardTwins(...layer)));
  for (const shape of hotShapes) for (const f of activations) expectBackwardTwins(...shape, f, 1);
});

test("denseJvp is within 4e-6 of its twin, with and without a derivative coming in", () => {
  fc.assert(
    fc.property(anyLayer, fc.boolean(), ([batch, inputs, outputs, activation, seed], first) =>
      expectTwins(seed, 4e-6, (kernel, random) => {
        const { x, weights, bias, dz: y } = layer(kernel, random, batch, inputs, outputs);
        const xDot = uniform(kernel, random, batch * inputs);
        const weightsDot = uniform(kernel, random, inputs * outputs, 1 / Math.sqrt(inputs));
        const yDot = kernel.float32(batch * outputs);
        const given = first ? null : xDot;
        kernel.denseJvp(x, given, weights, weightsDot, bias, y, yDot, batch, inputs, outputs, activation);
        return [yDot];
      }),
    ),
  );
});

test("activationBackward is within 1e-7 of its twin", () => {
  fc.assert(
    fc.property(size, fc.constantFrom(...activations), seed, (n, activation, seed) =>
      expectTwins(seed, 1e-7, (kernel, random) => {
        const y = uniform(kernel, random, n);
        const dy = uniform(kernel, random, n);
        kernel.activationBackward(y, dy, activation);
        return [dy];
      }),
    ),
  );
});

test("biasActivate is within 2e-6 of its twin, and finishes what a forward pass begins", () => {
  fc.assert(
    fc.property(size, size, fc.constantFrom(...activations), seed, (rows, columns, activation, seed) => {
      expectTwins(seed, 2e-6, (kernel, random) => {
        const y = uniform(kernel, random, rows * columns, 3);
        const bias = uniform(kernel, random, columns);
        const [x, nothing] = [kernel.float32(rows), kernel.float32(columns)];
        kernel.biasActivate(y, bias, rows, columns, activation);
        const fromBias = kernel.float32(rows * columns);
        kernel.denseForward(x, nothing, bias, fromBias, rows, 1, columns, activation);
        const alone = kernel.float32(rows * columns);
        kernel.biasActivate(alone, bias, rows, columns, activation);
        expect(alone).toEqual(fromBias);
        return [y];
      });
    }),
  );
});

test("a row's output is the same to the last bit whatever the batch it is in", () => {
  const rows = 71;
  for (const [inputs, outputs] of [
    [4, 64],
    [64, 64],
    [64, 2],
    [64, 1],
    [5, 7],
    [150, 140],
    [300, 33],
  ]) {
    const kernel = wasmKernel({ bytes: 2 ** 22 });
    const { x, weights, bias, y } = layer(kernel, createRandom(1), rows, inputs, outputs);
    kernel.denseForward(x, weights, bias, y, rows, inputs, outputs, "tanh");
    for (const [first, batch] of [
      [0, 1],
      [3, 2],
      [70, 1],
      [5, 8],
      [1, 66],
    ]) {
      const part = kernel.float32(batch * outputs);
      kernel.denseForward(x.subarray(first * inputs), weights, bias, part, batch, inputs, outputs, "tanh");
      expect(part).toEqual(y.slice(first * outputs, (first + batch) * outputs));
    }
  }
});

test("nothing is written past the end of an array", () => {
  for (const [batch, inputs, outputs] of [
    [5, 3, 1],
    [7, 5, 2],
    [6, 9, 3],
    [9, 33, 5],
  ]) {
    const kernel = wasmKernel({ bytes: 2 ** 20 });
    const { x, weights, bias, dz } = layer(kernel, createRandom(1), batch, inputs, outputs);
    const guarded = (length: number) => kernel.float32(length + 16).fill(7);
    const y = guarded(batch * outputs);
    const dx = guarded(batch * inputs);
    const dWeights = guarded(inputs * outputs);
    const dBias = guarded(outputs);
    kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, "elu");
    kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, "tanh", true);
    kernel.denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs);
    kernel.biasActivate(y, bias, batch, outputs, "tanh");
    for (const array of [y, dx, dWeights, dBias]) expect(array.slice(-16)).toEqual(new Float32Array(16).fill(7));
  }
});

test("one row's NaN stays in its row", () => {
  const kernel = wasmKernel({ bytes: 2 ** 20 });
  for (const outputs of [1, 2, 3, 8]) {
    const { x, weights, bias, y } = layer(kernel, createRandom(1), 9, 6, outputs);
    x.fill(NaN, 4 * 6, 5 * 6);
    kernel.denseForward(x, weights, bias, y, 9, 6, outputs, "tanh");
    for (let i = 0; i < y.length; i++) expect(Number.isNaN(y[i])).toBe(Math.floor(i / outputs) === 4);
  }
});

test("slope is the derivative of activate, by central differences", () => {
  const h = 1e-5;
  for (const activation of activations) {
    for (const z of [-3, -0.7, -0.01, 0.01, 0.4, 2.5]) {
      const numeric = (activate(z + h, activation) - activate(z - h, activation)) / (2 * h);
      expect(slope(activate(z, activation), activation)).toBeCloseTo(numeric, 8);
    }
  }
});

test("an unknown activation is refused by name", () => {
  expect(() => activate(0, "swish" as Activation)).toThrow(
    'kernel: unknown activation "swish". Activations are: identity, tanh, relu, elu.',
  );
});

test("a layer's arithmetic, by hand: tanh([1 2] · [[1 0 2] [3 1 1]] + [0 0 -4]) = tanh([7 2 0])", () => {
  const kernel = wasmKernel({ bytes: 2 ** 20 });
  const array = (...values: number[]) => {
    const given = kernel.float32(values.length);
    given.set(values);
    return given;
  };
  const y = kernel.float32(3);
  kernel.denseForward(array(1, 2), array(1, 0, 2, 3, 1, 1), array(0, 0, -4), y, 1, 2, 3, "tanh");
  expectClose(y, [Math.tanh(7), Math.tanh(2), 0], 4e-7);
});
