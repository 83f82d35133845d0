import { expect, test } from "vitest";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { createSquashedGaussianActor, fillWithNormals, squashedGaussianShape } from "./squashed-gaussian-actor.ts";

/** A policy of one number whose mean and log deviation are the two biases of its only layer. */
function constant(makeKernel: typeof referenceKernel, mean: number, logStd: number) {
  const kernel = makeKernel({ bytes: 2 ** 20 });
  const shape = squashedGaussianShape(1, 1, { hidden: [], activation: "relu" });
  const [parameters, gradients] = [kernel.float32(4), kernel.float32(4)];
  parameters.set([mean, logStd], 2);
  const actor = createSquashedGaussianActor(kernel, shape, parameters, gradients, 1);
  const draw = { actions: kernel.float32(1), logProbs: kernel.float32(1) };
  const noise = kernel.float32(1);
  return {
    gradients,
    sample(epsilon: number) {
      noise[0] = epsilon;
      actor.sample(kernel.float32(1), noise, 1, draw);
      return { action: draw.actions[0], logProb: draw.logProbs[0] };
    },
    backward: (dAction: number, dLogProb: number) =>
      actor.backward(kernel.float32(1).fill(dAction), kernel.float32(1).fill(dLogProb), 1),
  };
}

for (const makeKernel of [referenceKernel, wasmKernel]) {
  test(`log π of a squashed action is exact, ${makeKernel.name}`, () => {
    // −½ 2.096² − ½ log 2π − log(1 − tanh² 2.096); with 1e-6 inside the logarithm it would be −0.2798519.
    expect(constant(makeKernel, 0, 0).sample(2.096).logProb).toBeCloseTo(-0.27983507, 6);
    // At u = 20, where tanh rounds to 1, log(1 − tanh² u) = −38.6137.
    const far = constant(makeKernel, 20, 0).sample(0);
    expect(far.action).toBeCloseTo(1, 6);
    expect(far.logProb).toBeCloseTo(-0.9189385 + 38.6137056, 4);
    expect(constant(makeKernel, -20, 0).sample(0).logProb).toBeCloseTo(far.logProb, 5);
  });

  test(`a log deviation outside −20 … 2 is clamped and has no slope, ${makeKernel.name}`, () => {
    const wide = constant(makeKernel, 0, 5);
    const { action } = wide.sample(0.1);
    expect(action).toBeCloseTo(Math.tanh(0.1 * Math.exp(2)), 5);
    wide.backward(1, 0);
    expect(wide.gradients[2]).toBeCloseTo(1 - action * action, 5);
    expect(wide.gradients[3]).toBe(0);
    const inside = constant(makeKernel, 0, -0.5);
    const drawn = inside.sample(0.1);
    inside.backward(1, 0);
    expect(inside.gradients[3]).toBeCloseTo((1 - drawn.action ** 2) * Math.exp(-0.5) * 0.1, 5);
  });
}

test("correlated noise has variance 1, and the correlation that was asked for", () => {
  const random = createRandom(2);
  const noise = new Float32Array(2000);
  for (let i = 0; i < 200; i++) fillWithNormals(noise, random, 0.9);
  const before = noise.slice();
  fillWithNormals(noise, random, 0.9);
  const mean = (f: (i: number) => number) => noise.reduce((sum, _, i) => sum + f(i), 0) / noise.length;
  // The deviation of a mean of 2000 squares is √(2 / 2000) = 0.03.
  expect(Math.abs(mean((i) => noise[i] ** 2) - 1)).toBeLessThan(0.1);
  expect(Math.abs(mean((i) => noise[i] * before[i]) - 0.9)).toBeLessThan(0.1);
});
