import { describe, expect, test } from "vitest";
import { box, discrete, multiBinary, multiDiscrete } from "../env/space.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { type ActorCritic, createActorCritic } from "./actor-critic.ts";

const spaces = {
  discrete: discrete(3),
  multiDiscrete: multiDiscrete([2, 4]),
  multiBinary: multiBinary(3),
  box: box({ low: -1, high: 1, shape: [2] }),
};
const batch = 7;

function example(makeKernel: (options: { bytes: number }) => Kernel, name: keyof typeof spaces, sharedTrunk: boolean) {
  const kernel = makeKernel({ bytes: 2 ** 22 });
  const random = createRandom(3);
  const policy = createActorCritic(
    kernel,
    { observationSpace: box({ low: -1, high: 1, shape: [5] }), actionSpace: spaces[name] },
    { hidden: [9, 6], activation: "tanh", sharedTrunk, initialLogStd: -0.3 },
    batch,
    random,
  );
  // Away from the small initial actor, so that every slope is large enough to measure.
  for (let i = 0; i < policy.parameters.length; i++) policy.parameters[i] += 0.3 * random.normal();
  const normals = (length: number) => kernel.float32(length).map(() => random.normal());
  const place = (values: Float32Array) => {
    const array = kernel.float32(values.length);
    array.set(values);
    return array;
  };
  const observations = place(normals(batch * 5));
  const actions = kernel.float32(batch * policy.distributionOf.actionSize);
  policy.act(observations, null, batch, random, { actions, logProbs: kernel.float32(batch) });
  const slopes = {
    dLogProbs: place(normals(batch)),
    dEntropies: place(normals(batch)),
    dValues: place(normals(batch)),
  };
  return { policy, samples: { size: batch, observations, actions, masks: null }, slopes };
}

/** Σ dLogProbs·log π + dEntropies·H + dValues·V: its gradient is what `backward` computes. */
function loss(
  policy: ActorCritic,
  samples: Parameters<ActorCritic["evaluate"]>[0],
  slopes: Parameters<ActorCritic["backward"]>[0],
) {
  const { logProbs, entropies, values } = policy.evaluate(samples);
  let sum = 0;
  for (let i = 0; i < batch; i++) {
    sum += slopes.dLogProbs[i] * logProbs[i] + slopes.dEntropies[i] * entropies[i] + slopes.dValues[i] * values[i];
  }
  return sum;
}

describe.each(Object.keys(spaces) as (keyof typeof spaces)[])("over %s actions", (name) => {
  test.each([false, true])("backward is the gradient of evaluate by finite differences, shared trunk %s", (shared) => {
    const { policy, samples, slopes } = example(referenceKernel, name, shared);
    policy.evaluate(samples);
    policy.backward({ ...slopes, dValues: slopes.dValues.slice() });
    const step = 2e-3;
    for (let i = 0; i < policy.parameters.length; i += 3) {
      const kept = policy.parameters[i];
      policy.parameters[i] = kept + step;
      const above = loss(policy, samples, slopes);
      policy.parameters[i] = kept - step;
      const below = loss(policy, samples, slopes);
      policy.parameters[i] = kept;
      const slope = (above - below) / (2 * step);
      expect(Math.abs(slope - policy.gradients[i]), `parameter ${i}: ${policy.gradients[i]} for ${slope}`).toBeLessThan(
        5e-3 * Math.max(1, Math.abs(slope)),
      );
    }
  });

  test.each([false, true])("both kernels give the same gradient to 1e-5, shared trunk %s", (shared) => {
    const [plain, fast] = [referenceKernel, wasmKernel].map((makeKernel) => {
      const { policy, samples, slopes } = example(makeKernel, name, shared);
      policy.evaluate(samples);
      policy.backward(slopes);
      return policy.gradients;
    });
    for (let i = 0; i < plain.length; i++) {
      expect(Math.abs(plain[i] - fast[i]), `gradient ${i}`).toBeLessThan(1e-5 * Math.max(1, Math.abs(plain[i])));
    }
  });

  test("what act says of its draw is what evaluate says", () => {
    const { policy, samples } = example(wasmKernel, name, false);
    const random = createRandom(5);
    const draw = { actions: samples.actions, logProbs: new Float32Array(batch) };
    policy.act(samples.observations, null, batch, random, draw);
    const { logProbs } = policy.evaluate(samples);
    for (let i = 0; i < batch; i++) expect(draw.logProbs[i]).toBeCloseTo(logProbs[i], 5);
  });
});

test("a masked action is never drawn, never the mode, and has no slope", () => {
  const kernel = wasmKernel({ bytes: 2 ** 22 });
  const random = createRandom(1);
  const policy = createActorCritic(
    kernel,
    { observationSpace: box({ low: -1, high: 1, shape: [2] }), actionSpace: discrete(3) },
    { hidden: [4], activation: "tanh", sharedTrunk: false, initialLogStd: 0 },
    1,
    random,
  );
  const head = policy.layers[1];
  head.bias.set([0, 5, 1]);
  const observations = kernel.float32(2);
  const masks = kernel.uint8(3);
  masks.set([1, 0, 1]);
  const draw = { actions: kernel.float32(1), logProbs: kernel.float32(1) };
  const counts = [0, 0, 0];
  for (let i = 0; i < 2000; i++) {
    policy.act(observations, masks, 1, random, draw);
    counts[draw.actions[0]]++;
  }
  expect(counts[1]).toBe(0);
  // e⁰ : e¹ = 0.269 : 0.731
  expect(counts[0] / 2000).toBeGreaterThan(0.22);
  expect(counts[0] / 2000).toBeLessThan(0.32);
  policy.distributionOf.mode(Float32Array.of(0, 5, 1), masks, 1, draw.actions);
  expect(draw.actions[0]).toBe(2);
});

test("the first hidden layer is orthogonal with gain √2, and the actor starts almost indifferent", () => {
  const policy = createActorCritic(
    wasmKernel({ bytes: 2 ** 22 }),
    { observationSpace: box({ low: -1, high: 1, shape: [4] }), actionSpace: discrete(2) },
    { hidden: [64, 64], activation: "tanh", sharedTrunk: false, initialLogStd: 0 },
    1,
    createRandom(1),
  );
  const { weights } = policy.layers[0];
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let o = 0; o < 64; o++) product += weights[a * 64 + o] * weights[b * 64 + o];
      expect(product).toBeCloseTo(a === b ? 2 : 0, 5);
    }
  }
  expect(Math.max(...policy.layers[2].weights)).toBeLessThan(0.011);
});
