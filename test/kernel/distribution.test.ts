import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { referenceKernel } from "../../src/kernel/reference.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";
import { createRandom, type Random } from "../../src/math/random.ts";
import { log1p } from "../../src/math/transcendental.ts";
import { expectClose, expectTwins, filled, uniform } from "./twins.ts";

const size = fc.integer({ min: 1, max: 12 });
const batches = fc.integer({ min: 1, max: 40 });
const scale = fc.constantFrom(1, 30, 1e4);
const seed = fc.nat();

interface Result {
  readonly logProbs: Float32Array;
  readonly entropies: Float32Array;
  /** At the distribution's parameters, the rows' weights being `dLogProbs` and `dEntropies`. */
  readonly gradients: Float32Array[];
}

/** A distribution at one batch of parameters, its gradient for Σ dLogProb log π + dEntropy H. */
type Distribution = (
  kernel: Kernel,
  parameters: Float32Array[],
  dLogProbs: Float32Array,
  dEntropies: Float32Array,
) => Result;

/** Expects the gradients to be the slopes of Σ dLogProb log π + dEntropy H, by central differences on the reference. */
function expectTrueGradients(distribution: Distribution, batch: number, lengths: number[], seed: number): void {
  const kernel = referenceKernel({ bytes: 2 ** 23 });
  const random = createRandom(seed);
  const parameters = lengths.map((length) => uniform(kernel, random, length));
  const dLogProbs = uniform(kernel, random, batch);
  const dEntropies = uniform(kernel, random, batch);
  const total = () => {
    const { logProbs, entropies } = distribution(kernel, parameters, dLogProbs, dEntropies);
    return logProbs.reduce((sum, l, row) => sum + dLogProbs[row] * l + dEntropies[row] * entropies[row], 0);
  };
  const { gradients } = distribution(kernel, parameters, dLogProbs, dEntropies);
  const h = 2 ** -8;
  for (const [k, array] of parameters.entries()) {
    for (let i = 0; i < array.length; i++) {
      const centre = array[i];
      array[i] = centre + h;
      const above = total();
      array[i] = centre - h;
      const slope = (above - total()) / (2 * h);
      array[i] = centre;
      expectClose([gradients[k][i]], [slope], 1e-3);
    }
  }
}

function categorical(sizes: number[], actions: number[], masks: number[] | null): Distribution {
  return (kernel, [logits], dLogProbs, dEntropies) => {
    const batch = dLogProbs.length;
    const groups = filled(kernel.int32(sizes.length), (i) => sizes[i]);
    const chosen = filled(kernel.float32(actions.length), (i) => actions[i]);
    const allowed = masks && filled(kernel.uint8(masks.length), (i) => masks[i]);
    const [logSoftmax, dLogits] = [kernel.float32(logits.length), kernel.float32(logits.length)];
    const [logProbs, entropies] = [kernel.float32(batch), kernel.float32(batch)];
    kernel.categoricalForward(logits, allowed, groups, chosen, batch, logSoftmax, logProbs, entropies);
    kernel.categoricalBackward(logSoftmax, groups, chosen, dLogProbs, dEntropies, batch, dLogits);
    return { logProbs, entropies, gradients: [dLogits, logSoftmax] };
  };
}

function bernoulli(actions: number[]): Distribution {
  return (kernel, [logits], dLogProbs, dEntropies) => {
    const [batch, size] = [dLogProbs.length, logits.length / dLogProbs.length];
    const chosen = filled(kernel.float32(actions.length), (i) => actions[i]);
    const dLogits = kernel.float32(logits.length);
    const [logProbs, entropies] = [kernel.float32(batch), kernel.float32(batch)];
    kernel.bernoulliForward(logits, chosen, batch, size, logProbs, entropies);
    kernel.bernoulliBackward(logits, chosen, dLogProbs, dEntropies, batch, size, dLogits);
    return { logProbs, entropies, gradients: [dLogits] };
  };
}

function gaussian(actions: number[]): Distribution {
  return (kernel, [mean, logStd], dLogProbs, dEntropies) => {
    const [batch, size] = [dLogProbs.length, logStd.length];
    const chosen = filled(kernel.float32(actions.length), (i) => actions[i]);
    const [dMean, dLogStd] = [kernel.float32(mean.length), kernel.float32(size)];
    const [logProbs, entropies] = [kernel.float32(batch), kernel.float32(batch)];
    kernel.gaussianForward(mean, logStd, chosen, batch, size, logProbs, entropies);
    kernel.gaussianBackward(mean, logStd, chosen, dLogProbs, dEntropies, batch, size, dMean, dLogStd);
    return { logProbs, entropies, gradients: [dMean, dLogStd] };
  };
}

/** Here each row's `dEntropy` weighs the sum of its actions, which have a gradient too. */
function squashedGaussian(noise: number[]): Distribution {
  return (kernel, [mean, logStd], dLogProbs, dActionSums) => {
    const [batch, size] = [dLogProbs.length, mean.length / dLogProbs.length];
    const z = filled(kernel.float32(noise.length), (i) => noise[i]);
    const actions = kernel.float32(mean.length);
    const dActions = filled(kernel.float32(mean.length), (i) => dActionSums[Math.floor(i / size)]);
    const [dMean, dLogStd] = [kernel.float32(mean.length), kernel.float32(mean.length)];
    const [logProbs, actionSums] = [kernel.float32(batch), kernel.float32(batch)];
    kernel.squashedGaussianForward(mean, logStd, z, batch, size, actions, logProbs);
    kernel.squashedGaussianBackward(logStd, z, actions, dActions, dLogProbs, batch, size, dMean, dLogStd);
    for (let i = 0; i < actions.length; i++) actionSums[Math.floor(i / size)] += actions[i];
    return { logProbs, entropies: actionSums, gradients: [dMean, dLogStd] };
  };
}

const normals = (random: Random, n: number) => Array.from({ length: n }, () => random.normal());
const bits = (random: Random, n: number) => Array.from({ length: n }, () => random.integer(2));

/** Actions per group, and masks that forbid about a third of the rest. */
function choices(random: Random, batch: number, sizes: number[]): { actions: number[]; masks: number[] } {
  const actions: number[] = [];
  const masks: number[] = [];
  for (let row = 0; row < batch; row++) {
    for (const size of sizes) {
      const action = random.integer(size);
      actions.push(action);
      for (let i = 0; i < size; i++) masks.push(Number(i === action || random.uniform() < 0.7));
    }
  }
  return { actions, masks };
}

function evaluated(
  distribution: Distribution,
  kernel: Kernel,
  random: Random,
  batch: number,
  lengths: number[],
  size = 1,
) {
  const parameters = lengths.map((length) => uniform(kernel, random, length, size));
  const dLogProbs = uniform(kernel, random, batch);
  const { logProbs, entropies, gradients } = distribution(
    kernel,
    parameters,
    dLogProbs,
    uniform(kernel, random, batch),
  );
  for (const array of [logProbs, entropies, ...gradients]) expect(array.every(Number.isFinite)).toBe(true);
  return [logProbs, entropies, ...gradients];
}

test("products of categoricals are within 2e-6 of their twin and finite, masked or not, at logits up to 10⁴", () => {
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 4 }),
      batches,
      fc.boolean(),
      scale,
      seed,
      (sizes, batch, masked, scale, seed) =>
        expectTwins(seed, 2e-6, (kernel, random) => {
          const { actions, masks } = choices(random, batch, sizes);
          return evaluated(
            categorical(sizes, actions, masked ? masks : null),
            kernel,
            random,
            batch,
            [masks.length],
            scale,
          );
        }),
    ),
  );
});

test("Bernoulli products are within 2e-6 of their twin and finite at logits up to 10⁴", () => {
  fc.assert(
    fc.property(size, batches, scale, seed, (size, batch, scale, seed) =>
      expectTwins(seed, 2e-6, (kernel, random) =>
        evaluated(bernoulli(bits(random, batch * size)), kernel, random, batch, [batch * size], scale),
      ),
    ),
  );
});

test("Gaussians, plain and squashed, are within 2e-5 of their twins", () => {
  fc.assert(
    fc.property(size, batches, seed, (size, batch, seed) =>
      expectTwins(seed, 2e-5, (kernel, random) => {
        const [actions, noise] = [normals(random, batch * size), normals(random, batch * size)];
        return [
          ...evaluated(gaussian(actions), kernel, random, batch, [batch * size, size]),
          ...evaluated(squashedGaussian(noise), kernel, random, batch, [batch * size, batch * size]),
        ];
      }),
    ),
  );
});

test("every gradient is the slope of what the forward pass computes", () => {
  const random = createRandom(3);
  const { actions, masks } = choices(random, 3, [2, 5]);
  const masked =
    (inner: Distribution): Distribution =>
    (kernel, ...given) => {
      const result = inner(kernel, ...given);
      return { ...result, gradients: result.gradients.slice(0, 1) };
    };
  expectTrueGradients(masked(categorical([2, 5], actions, null)), 3, [21], 1);
  expectTrueGradients(masked(categorical([2, 5], actions, masks)), 3, [21], 2);
  expectTrueGradients(bernoulli(bits(random, 12)), 3, [12], 3);
  expectTrueGradients(gaussian(normals(random, 12)), 3, [12, 4], 4);
  expectTrueGradients(squashedGaussian(normals(random, 12)), 3, [12, 12], 5);
});

test("a forbidden action has log-probability −1e30, no share in the entropy and no gradient", () => {
  expectTwins(0, 1e-6, (kernel) => {
    const two = categorical([3], [0], [1, 0, 1]);
    const logits = filled(kernel.float32(3), (i) => [1, 50, 1][i]);
    const { logProbs, entropies, gradients } = two(
      kernel,
      [logits],
      kernel.float32(1).fill(1),
      kernel.float32(1).fill(1),
    );
    expectClose(logProbs, [-Math.LN2], 1e-6);
    expectClose(entropies, [Math.LN2], 1e-6);
    expectClose(gradients[0], [0.5, 0, -0.5], 1e-6);
    expect(gradients[1][1]).toBe(Math.fround(-1e30));
    const chosen = categorical([3], [1], [1, 0, 1])(kernel, [logits], kernel.float32(1).fill(1), kernel.float32(1));
    expect(chosen.logProbs[0]).toBe(Math.fround(-1e30));
    expectClose(chosen.gradients[0], [-0.5, 0, -0.5], 1e-6);
    return gradients;
  });
});

test("the squashed Gaussian is exact at |u| = 20, where tanh is 1: log(1 − tanh² u) = 2 (log 2 − 20 − softplus(−40))", () => {
  for (const u of [20, -20]) {
    expectTwins(0, 1e-6, (kernel) => {
      const [mean, logStd, noise] = [u, 0, 0].map((value) => kernel.float32(1).fill(value));
      const [actions, logProbs] = [kernel.float32(1), kernel.float32(1)];
      kernel.squashedGaussianForward(mean, logStd, noise, 1, 1, actions, logProbs);
      const slope = 2 * (Math.LN2 - 20 - log1p(4.248354255291589e-18));
      expectClose(logProbs, [-0.9189385332046727 - slope], 1e-7);
      expectClose(actions, [Math.sign(u)], 1e-7);
      return [actions, logProbs];
    });
  }
});

test.each([referenceKernel, wasmKernel])(
  "a slope that no parameter would feel is 0, and one that is not a number stays so",
  (makeKernel) => {
    const kernel = makeKernel({ bytes: 2 ** 20 });
    const logits = kernel.float32(4);
    logits.set([0, -60, 0, -50]);
    const sizes = kernel.int32(1).fill(2);
    const [actions, logProbs, entropies, dEntropies] = [0, 1, 2, 3].map(() => kernel.float32(2));
    const [logSoftmax, dLogits] = [kernel.float32(4), kernel.float32(4)];
    const dLogProbs = kernel.float32(2).fill(1);
    kernel.categoricalForward(logits, null, sizes, actions, 2, logSoftmax, logProbs, entropies);
    kernel.categoricalBackward(logSoftmax, sizes, actions, dLogProbs, dEntropies, 2, dLogits);
    // exp(−60) = 8.8e-27 is below 1e-24, exp(−50) = 1.9e-22 is not.
    expect(dLogits[1] === 0).toBe(true);
    expect(dLogits[3]).toBeCloseTo(0, 20);
    expect(dLogits[3]).toBeLessThan(-1.9e-22);
    dLogProbs.fill(Number.NaN);
    kernel.categoricalBackward(logSoftmax, sizes, actions, dLogProbs, dEntropies, 2, dLogits);
    expect([...dLogits].every(Number.isNaN)).toBe(true);
  },
);
