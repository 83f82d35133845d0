import { describe, expect, test } from "vitest";
import { box, discrete, multiBinary, multiDiscrete } from "../env/space.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { dot } from "../optimizer/conjugate-gradient.ts";
import { createActorCritic } from "./actor-critic.ts";

const spaces = {
  discrete: discrete(3),
  multiDiscrete: multiDiscrete([2, 4]),
  multiBinary: multiBinary(3),
  box: box({ low: -1, high: 1, shape: [2] }),
};
type SpaceName = keyof typeof spaces;
const names = Object.keys(spaces) as SpaceName[];
const batch = 7;
const inputs = 5;

function example(makeKernel: typeof referenceKernel | typeof wasmKernel, name: SpaceName, options: Options) {
  const kernel = makeKernel({ bytes: 2 ** 22 });
  const random = createRandom(8);
  const policy = createActorCritic(
    kernel,
    { observationSpace: box({ low: -1, high: 1, shape: [inputs] }), actionSpace: spaces[name] },
    { hidden: [6, 4], activation: "tanh", sharedTrunk: options.sharedTrunk, initialLogStd: -0.3 },
    batch,
    random,
  );
  const { size, actionSize } = policy.distributionOf;
  const normals = (length: number, scale: number) => {
    const array = kernel.float32(length);
    for (let i = 0; i < length; i++) array[i] = scale * random.normal();
    return array;
  };
  for (let i = 0; i < policy.parameters.length; i++) policy.parameters[i] += 0.3 * random.normal();
  // The first logit of each row, and of each choice, stays allowed.
  const masks = options.masked ? kernel.uint8(batch * size).fill(1) : null;
  if (masks) for (let row = 0; row < batch; row++) masks[row * size + 1 + (row % 2 ? 0 : size - 2)] = 0;
  const samples = {
    size: batch,
    observations: normals(batch * inputs, 1),
    actions: kernel.float32(batch * actionSize),
    masks,
  };
  const width = policy.actor.parameters.length;
  return { kernel, policy, samples, direction: normals(width, 1), product: kernel.float32(width) };
}
type Options = { readonly sharedTrunk: boolean; readonly masked: boolean };

const cases = names.flatMap((name) =>
  [false, true].flatMap((sharedTrunk) =>
    (name === "box" ? [false] : [false, true]).map((masked) => [name, { sharedTrunk, masked }] as const),
  ),
);

describe.each(cases)("%s, %o", (name, options) => {
  test.each([referenceKernel, wasmKernel])(
    "the Fisher product is how KL's gradient grows along a direction",
    (make) => {
      const { policy, samples, direction, product, kernel } = example(make, name, options);
      const { actor, distributionOf: distribution } = policy;
      const start = actor.parameters.slice();
      const [p, out] = [policy.evaluate(samples).outputs.slice(), new Float32Array(batch)];
      const old = { outputs: p, ...(policy.logStd && { logStd: policy.logStd.slice() }), masks: samples.masks };

      /** Mean KL(π_old ‖ π) with the parameters moved by `step` of `other`, the i-th by `nudge` more. */
      const divergence = (other: Float32Array, step: number) => {
        actor.parameters.set(start);
        kernel.addScaled(actor.parameters, step, other);
        distribution.divergence(old, { outputs: policy.evaluate(samples).outputs, masks: samples.masks }, batch, out);
        actor.parameters.set(start);
        return out.reduce((sum, kl) => sum + kl / batch, 0);
      };
      policy.evaluate(samples);
      policy.fisherProduct(direction, product);

      // ½ h² eᵀ F d is what KL(d h + e h) has beyond KL(d h) and KL(e h): by polarisation, all of F d.
      const h = 0.005;
      const axis = kernel.float32(start.length);
      for (let i = 0; i < start.length; i++) {
        const polar = [1, -1].map((sign) => {
          axis.set(direction);
          axis[i] += sign;
          return (divergence(axis, h) + divergence(axis, -h)) / (h * h);
        });
        const expected = (polar[0] - polar[1]) / 4;
        expect(Math.abs(product[i] - expected), `${i}: ${product[i]} for ${expected}`).toBeLessThan(
          5e-3 * Math.max(0.3, Math.abs(expected)),
        );
      }
    },
  );

  test("F is symmetric and positive: dᵀ F e = eᵀ F d, dᵀ F d > 0; both kernels agree to 1e-5", () => {
    const products = [referenceKernel, wasmKernel].map((make) => {
      const { policy, samples, direction, product, kernel } = example(make, name, options);
      policy.evaluate(samples);
      policy.fisherProduct(direction, product);
      const [other, otherProduct] = [kernel.float32(direction.length), kernel.float32(direction.length)];
      other.set(direction.slice().reverse());
      policy.fisherProduct(other, otherProduct);
      expect(dot(other, product)).toBeCloseTo(dot(direction, otherProduct), 4);
      expect(dot(direction, product)).toBeGreaterThan(0);
      return product;
    });
    products[0].forEach((entry, i) => void expect(products[1][i]).toBeCloseTo(entry, 5));
  });
});

test("backwardValues is the critic's share of backward, and leaves the rest alone", () => {
  const { policy, samples, kernel } = example(wasmKernel, "discrete", { sharedTrunk: false, masked: false });
  const dValues = kernel.float32(batch).fill(0.5);
  const zeros = kernel.float32(batch);
  policy.evaluate(samples);
  policy.backward({ dLogProbs: zeros, dEntropies: zeros, dValues: kernel.float32(batch).fill(0.5) });
  const expected = policy.critic.gradients.slice();
  policy.gradients.fill(7);
  policy.values(samples.observations, batch, zeros);
  policy.backwardValues(dValues, batch);
  expect(policy.critic.gradients).toEqual(expected);
  expect(policy.actor.gradients.every((slope) => slope === 7)).toBe(true);
  expect(policy.actor.parameters.length + policy.critic.parameters.length).toBe(policy.parameters.length);
});
