import {
  type ActingPolicy,
  createActor,
  createRandom,
  decodePolicy,
  encodePolicy,
  encodeSafetensors,
  load,
  parametersHash,
} from "belay-rl/deploy";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type Box,
  box,
  type Discrete,
  dict,
  discrete,
  flatSize,
  multiBinary,
  multiDiscrete,
  type Space,
  tuple,
} from "../src/env/space.ts";
import { sample } from "../src/env/space-value.ts";

const training = {
  algorithm: "ppo",
  environment: "Practice-v0",
  seed: 7,
  steps: 1000,
  options: { hidden: [3], learningRate: 1e-3 },
  version: "0.1.0",
  parametersHash: "0".repeat(64),
};
const four = box({ low: -Infinity, high: [1, 2, 3, Infinity] });

/** A policy with one hidden layer of three and weights by chance. */
function randomPolicy<O extends Space, A extends Space>(
  observationSpace: O,
  actionSpace: A,
  distribution: ActingPolicy["distribution"],
  outputs: number,
): ActingPolicy<O, A> {
  const random = createRandom(5);
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const inputs = flatSize(observationSpace);
  return {
    observationSpace,
    actionSpace,
    distribution,
    layers: [
      { inputs, outputs: 3, activation: "tanh", weights: numbers(inputs * 3), bias: numbers(3) },
      { inputs: 3, outputs, activation: "identity", weights: numbers(3 * outputs), bias: numbers(outputs) },
    ],
    logStd: distribution === "gaussian" ? numbers(outputs) : null,
    normalization: {
      mean: Float64Array.from({ length: inputs }, () => random.normal()),
      variance: Float64Array.from({ length: inputs }, () => random.uniform()),
      epsilon: 1e-8,
      clip: 10,
    },
  };
}

/** A policy without layers to speak of: the outputs are the bias, whatever comes in. */
function constantPolicy<A extends Space>(
  actionSpace: A,
  distribution: ActingPolicy["distribution"],
  bias: number[],
  logStd: number[] | null = null,
): ActingPolicy<Box, A> {
  const weights = new Float32Array(bias.length);
  return {
    observationSpace: box({ low: [-1], high: [1] }),
    actionSpace,
    distribution,
    layers: [{ inputs: 1, outputs: bias.length, activation: "identity", weights, bias: Float32Array.from(bias) }],
    logStd: logStd && Float32Array.from(logStd),
    normalization: null,
  };
}

const zero = Float32Array.of(0);

describe("the file", () => {
  const policies = {
    categorical: randomPolicy(four, discrete(3, -1), "categorical", 3),
    "product of categoricals": randomPolicy(discrete(5), multiDiscrete([2, 4]), "categorical", 6),
    bernoulli: randomPolicy(dict({ a: multiBinary(2), b: tuple([four, discrete(2)]) }), multiBinary(4), "bernoulli", 4),
    gaussian: randomPolicy(multiDiscrete([2, 3]), box({ low: [-1, -0.5], high: [1, 0.5] }), "gaussian", 2),
  };

  test.each(Object.entries(policies))("%s: a policy read back acts as the live one does", (_, policy) => {
    const live = createActor<Space, Space>(policy);
    const saved = load(encodePolicy(policy, training));
    const random = createRandom(1);
    for (let i = 0; i < 50; i++) {
      const observation = sample<Space>(policy.observationSpace, random);
      expect(saved.act(observation)).toEqual(live.act(observation));
      expect(saved.distributionAt(observation)).toEqual(live.distributionAt(observation));
      expect(saved.act(observation, { deterministic: false, random: createRandom(i) })).toEqual(
        live.act(observation, { deterministic: false, random: createRandom(i) }),
      );
    }
    expect(saved.training).toEqual(training);
    expect(saved.observationSpace).toEqual(policy.observationSpace);
    expect(saved.actionSpace).toEqual(policy.actionSpace);
  });

  test("equal policies make equal bytes, also after a round trip", () => {
    const bytes = encodePolicy(policies.gaussian, training);
    expect(encodePolicy(decodePolicy(bytes), training)).toEqual(bytes);
  });

  test("one flipped bit anywhere is refused", () => {
    const bytes = encodePolicy(policies.categorical, training);
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] ^= 1 << (i % 8);
      expect(() => load(bytes), `byte ${i}`).toThrow(/^decode(Safetensors|Policy): /);
      bytes[i] ^= 1 << (i % 8);
    }
    expect(() => load(bytes)).not.toThrow();
  });

  test("a damaged number, a file of another kind and a file of another format are told apart", () => {
    const bytes = encodePolicy(policies.categorical, training);
    bytes[bytes.length - 1] ^= 1;
    expect(() => load(bytes)).toThrow("decodePolicy: the file does not match its sha256: it was damaged or changed.");
    expect(() => load(encodeSafetensors({}, {}))).toThrow(
      'decodePolicy: a safetensors file, but not a policy: its metadata has no "belay".',
    );
    expect(() => load(new Uint8Array(3))).toThrow(
      "decodeSafetensors: not a sound safetensors file: it is 3 bytes long",
    );
  });

  test("a file is loaded from an ArrayBuffer too", () => {
    const { buffer } = encodePolicy(policies.categorical, training);
    expect(load(buffer).distribution).toBe("categorical");
  });

  test("what holds no bytes is named", () => {
    const cases = [
      ["x", "String"],
      [null, "Null"],
      [undefined, "Undefined"],
      [Promise.resolve(), "Promise"],
      [{}, "Object"],
    ];
    for (const [bytes, kind] of cases) {
      expect(() => load(bytes as never)).toThrow(
        `load: bytes must be a Uint8Array, an ArrayBuffer or a SharedArrayBuffer, got ${kind}.`,
      );
    }
  });

  test("shared memory will do, too", () => {
    const file = encodePolicy(policies.gaussian, training);
    const shared = new SharedArrayBuffer(file.length);
    new Uint8Array(shared).set(file);
    expect(load(shared)).toMatchObject({ distribution: "gaussian", training });
  });

  test("spaces that differ from those a policy was trained for are refused, and the same ones type it", () => {
    const bytes = encodePolicy(policies.categorical, training);
    const env = { observationSpace: four, actionSpace: discrete(3, -1) };
    const policy = load(bytes, env);
    expectTypeOf(policy.act).parameter(0).toEqualTypeOf<Float32Array>();
    expectTypeOf(policy.act).returns.toEqualTypeOf<number>();
    // @ts-expect-error A policy of one action space is none of another.
    const wrong: { act(observation: Float32Array): Float32Array } = policy;
    expect(wrong.act).toBe(policy.act);
    expect(() => load(bytes, { ...env, actionSpace: discrete(4) })).toThrow(
      'load: the policy\'s action space is {"kind":"discrete","n":3,"start":-1}, but {"kind":"discrete","n":4,"start":0} came.',
    );
  });

  test("parametersHash is the sha256 of the little-endian bytes", () => {
    // Of nothing, by FIPS 180-4; of 00 00 80 3f, by sha256sum.
    expect(parametersHash(new Float32Array(0))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(parametersHash(Float32Array.of(9, 1).subarray(1))).toBe(
      "e00e5eb9444182f352323374ef4e08ebcb784725fdd4fd612d7730540b3e0c8c",
    );
  });
});

describe("acting", () => {
  test("two layers by hand: relu, then the larger logit", () => {
    // h = relu([1 · 2 − 1, 1 · −3 + 1]) = [1, 0]; logits = [1 · 0.5 + 0 · 9, 1 · 0.25 + 0 · 9 + 0.2] = [0.5, 0.45].
    const actor = createActor({
      ...constantPolicy(discrete(2), "categorical", [0, 0]),
      layers: [
        { inputs: 1, outputs: 2, activation: "relu", weights: Float32Array.of(2, -3), bias: Float32Array.of(-1, 1) },
        {
          inputs: 2,
          outputs: 2,
          activation: "identity",
          weights: Float32Array.of(0.5, 0.25, 9, 9),
          bias: Float32Array.of(0, 0.2),
        },
      ],
    });
    expect(actor.act(Float32Array.of(1))).toBe(0);
    // p₀ = 1 / (1 + exp(−0.05)) = 0.512497
    const { probabilities } = actor.distributionAt(Float32Array.of(1)) as { probabilities: Float32Array };
    expect(probabilities[0]).toBeCloseTo(0.512497, 6);
    expect(probabilities[0] + probabilities[1]).toBeCloseTo(1, 6);
  });

  test("observations are normalised and clipped before the network sees them", () => {
    const through = (normalization: ActingPolicy["normalization"]) =>
      createActor({
        ...constantPolicy(box({ low: [-100], high: [100] }), "gaussian", [0], [0]),
        layers: [{ inputs: 1, outputs: 1, activation: "identity", weights: Float32Array.of(1), bias: zero }],
        normalization,
      }).act(Float32Array.of(5));
    // (5 − 1) / √(3 + 1) = 2, clipped at 1.5 to 1.5
    expect(through({ mean: [1], variance: [3], epsilon: 1, clip: 10 })).toEqual(Float32Array.of(2));
    expect(through({ mean: [1], variance: [3], epsilon: 1, clip: 1.5 })).toEqual(Float32Array.of(1.5));
  });

  test("an actor follows the live arrays of a policy in training", () => {
    const policy = constantPolicy(discrete(2), "categorical", [1, 0]);
    const actor = createActor(policy);
    expect(actor.act(zero)).toBe(0);
    policy.layers[0].bias[1] = 2;
    expect(actor.act(zero)).toBe(1);
  });

  test("a returned action is the caller's own", () => {
    const actor = createActor(constantPolicy(box({ low: [-1], high: [1] }), "gaussian", [0.5], [0]));
    const action = actor.act(zero);
    actor.act(zero, { deterministic: false });
    expect(action).toEqual(Float32Array.of(0.5));
  });

  test("by chance, each action comes as often as its probability says", () => {
    const actor = createActor(constantPolicy(multiDiscrete([2, 3]), "categorical", [0, 1, -1, 0, 1]));
    const counts = [0, 0, 0, 0, 0];
    const random = createRandom(3);
    for (let i = 0; i < 20_000; i++) {
      const [first, second] = actor.act(zero, { deterministic: false, random });
      counts[first]++;
      counts[2 + second]++;
    }
    const { probabilities } = actor.distributionAt(zero) as { probabilities: Float32Array };
    counts.forEach((count, i) => {
      expect(Math.abs(count / 20_000 - probabilities[i])).toBeLessThan(0.015); // four deviations of √(p (1 − p) / n)
    });
  });

  test("chance is the actor's own unless given, and the same for every new actor", () => {
    const draws = () => {
      const actor = createActor(constantPolicy(discrete(100), "categorical", new Array(100).fill(0)));
      return Array.from({ length: 10 }, () => actor.act(zero, { deterministic: false }));
    };
    expect(draws()).toEqual(draws());
    expect(new Set(draws()).size).toBeGreaterThan(5);
  });

  test("a forbidden action is never taken and has no probability, in each place of a MultiDiscrete", () => {
    const actor = createActor(constantPolicy(multiDiscrete([2, 3]), "categorical", [0, 9, 5, 9, 4]));
    const mask = Uint8Array.of(1, 0, 1, 0, 1);
    expect(actor.act(zero)).toEqual(Int32Array.of(1, 1));
    expect(actor.act(zero, { mask })).toEqual(Int32Array.of(0, 0));
    const { probabilities } = actor.distributionAt(zero, { mask }) as { probabilities: Float32Array };
    expect([probabilities[0], probabilities[1], probabilities[3]]).toEqual([1, 0, 0]);
    for (let i = 0; i < 200; i++) {
      const [first, second] = actor.act(zero, { mask, deterministic: false });
      expect([first, second === 1]).toEqual([0, false]);
    }
  });

  test("switches are on where their logit is positive, and by chance with the logistic probability", () => {
    const actor = createActor(constantPolicy(multiBinary(3), "bernoulli", [-1, 0, 2]));
    expect(actor.act(zero)).toEqual(Uint8Array.of(0, 0, 1));
    let on = 0;
    for (let i = 0; i < 10_000; i++) on += actor.act(zero, { deterministic: false })[2];
    expect(Math.abs(on / 10_000 - 1 / (1 + Math.exp(-2)))).toBeLessThan(0.015);
  });

  test("a forbidden switch stays off and has no probability, the others are as without a mask", () => {
    const actor = createActor(constantPolicy(multiBinary(3), "bernoulli", [9, 1, -1]));
    const mask = Uint8Array.of(0, 1, 1);
    expect(actor.act(zero)).toEqual(Uint8Array.of(1, 1, 0));
    expect(actor.act(zero, { mask })).toEqual(Uint8Array.of(0, 1, 0));
    expect(actor.act(zero, { mask: new Uint8Array(3) })).toEqual(new Uint8Array(3));
    const { probabilities } = actor.distributionAt(zero, { mask }) as { probabilities: Float32Array };
    const unmasked = actor.distributionAt(zero) as { probabilities: Float32Array };
    expect([...probabilities]).toEqual([0, ...unmasked.probabilities.subarray(1)]);
    const draws = (options: object) =>
      Array.from({ length: 100 }, (_, i) =>
        actor.act(zero, { deterministic: false, random: createRandom(i), ...options }),
      );
    expect(draws({ mask })).toEqual(draws({}).map(([, second, third]) => Uint8Array.of(0, second, third)));
  });

  test("a Gaussian's mean and its samples are clipped to the Box", () => {
    const actor = createActor(constantPolicy(box({ low: [-1, -1], high: [1, 1] }), "gaussian", [0.25, 3], [2, 0]));
    expect(actor.act(zero)).toEqual(Float32Array.of(0.25, 1));
    const samples = Array.from({ length: 200 }, () => actor.act(zero, { deterministic: false })[0]);
    expect(samples.every((x) => Math.abs(x) <= 1)).toBe(true);
    expect(new Set(samples).size).toBeGreaterThan(5);
  });
});

describe("refusals", () => {
  const actor = createActor(constantPolicy(multiDiscrete([2, 3]), "categorical", [0, 0, 0, 0, 0]));
  const anyActor = (observationSpace: Space) =>
    createActor<Space, Discrete>({ ...randomPolicy(observationSpace, discrete(2), "categorical", 2) });

  test.each<[Space, unknown, string]>([
    [four, [1, 2, 3, 4], "act: observation must be a Float32Array of length 4, got Array of length 4."],
    [four, undefined, "act: observation must be a Float32Array of length 4, got undefined."],
    [four, new Float64Array(4), "act: observation must be a Float32Array of length 4, got Float64Array of length 4."],
    [four, new Float32Array(3), "act: observation must have length 4, got 3."],
    [four, Float32Array.of(0, 0, NaN, 0), "act: observation must hold numbers only, got NaN in place 2."],
    [discrete(3, 1), 4, "act: observation must be an integer from 1 to 3, got 4."],
    [discrete(3), "1", "act: observation must be an integer from 0 to 2, got 1."],
    [multiDiscrete([2, 2]), Int32Array.of(0, 2), "act: observation[1] must be an integer from 0 to 1, got 2."],
    [multiBinary(2), Uint8Array.of(0, 2), "act: observation[1] must be 0 or 1, got 2."],
    [
      dict({ a: four, b: discrete(2) }),
      { a: new Float32Array(4) },
      "act: observation.b must be an integer from 0 to 1, got undefined.",
    ],
    [dict({ a: four, b: discrete(2) }), null, "act: observation must be an object with a, b, got null."],
    [
      tuple([four, discrete(2)]),
      [new Float32Array(4), 2],
      "act: observation[1] must be an integer from 0 to 1, got 2.",
    ],
  ])("%o: %o", (space, observation, message) => {
    expect(() => anyActor(space).act(observation as never)).toThrow(message);
  });

  test("a mask of the wrong length, one that forbids everything, and one where none is taken", () => {
    const gaussian = createActor(constantPolicy(box({ low: [-1], high: [1] }), "gaussian", [0], [0]));
    expect(() => actor.act(zero, { mask: new Uint8Array(4) })).toThrow(
      "act: mask must have length 5, one entry per logit, got 4.",
    );
    expect(() => actor.act(zero, { mask: Uint8Array.of(1, 1, 0, 0, 0) })).toThrow(
      "act: the mask forbids all of the actions 2 to 4; one must be allowed.",
    );
    expect(() => gaussian.act(zero, { mask: Uint8Array.of(1) })).toThrow("act: a gaussian policy takes no mask.");
  });

  test("weights that have diverged", () => {
    const diverged = createActor(constantPolicy(discrete(2), "categorical", [0, NaN]));
    expect(() => diverged.act(zero)).toThrow("act: the network's output is not a number");
  });

  test("layers and heads that do not fit the spaces", () => {
    expect(() => createActor(constantPolicy(discrete(3), "categorical", [0, 0]))).toThrow(
      "createActor: layers of 1→2 do not lead from 1 numbers to 3.",
    );
    expect(() => createActor(constantPolicy(discrete(2), "gaussian", [0, 0], [0, 0]))).toThrow(
      "createActor: a gaussian policy with 2 logStd cannot act in a discrete space.",
    );
  });
});
