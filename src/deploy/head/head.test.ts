import { describe, expect, test } from "vitest";
import { box, discrete } from "../../env/space.ts";
import { createRandom } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import type { Policy } from "../../policy/policy.ts";
import { createActor } from "../act.ts";
import { decodePolicy, encodePolicy } from "../policy-file.ts";

const training = {
  algorithm: "sac",
  environment: "Practice-v0",
  seed: 7,
  steps: 1000,
  options: {},
  version: "0.1.0",
  parametersHash: "0".repeat(64),
};
const anything = box({ low: [-1], high: [1] });
const observation = Float32Array.of(0.5);
/** From −2 to 2 and from 0 to 10. */
const lopsided = box({ low: [-2, 0], high: [2, 10] });

/** The outputs are the bias, whatever comes in; through the file and back. */
function actorOf<A extends Policy["actionSpace"]>(
  actionSpace: A,
  distribution: Policy["distribution"],
  bias: readonly number[],
  support?: Policy["support"],
) {
  const layer = {
    inputs: 1,
    outputs: bias.length,
    activation: "identity",
    weights: new Float32Array(bias.length),
    bias: Float32Array.from(bias),
  } as const;
  const policy = {
    observationSpace: anything,
    actionSpace,
    distribution,
    layers: [layer],
    logStd: null,
    normalization: null,
    ...(support && { support }),
  };
  const saved = decodePolicy(encodePolicy(policy, training));
  expect(saved).toEqual({ ...policy, training });
  return createActor({ ...policy, ...saved, actionSpace });
}

describe("a squashed Gaussian", () => {
  test("acts at tanh of its mean, stretched to the Box", () => {
    // tanh(0) = 0 is the middle of the Box; tanh(20) = 1 its upper end.
    const actor = actorOf(lopsided, "squashed-gaussian", [0, 20, 0, 0]);
    expect([...actor.act(observation)]).toEqual([0, 10]);
  });

  test("draws within the Box, with its deviation kept between e⁻²⁰ and e²", () => {
    const actor = actorOf(lopsided, "squashed-gaussian", [0, 0, 50, -50]);
    const random = createRandom(1);
    const draws = Array.from({ length: 1000 }, () => actor.act(observation, { deterministic: false, random }));
    expect(draws.every(([x, y]) => Math.abs(x) <= 2 && y >= 0 && y <= 10)).toBe(true);
    // A standard deviation of e² ≈ 7.4 before tanh leaves |tanh u| < 0.9 for |u| < 1.47: one time in 6.3.
    expect(mean(draws.map(([x]) => Number(Math.abs(x) < 1.8)))).toBeCloseTo(0.158, 1);
    expect(mean(draws.map(([, y]) => y))).toBeCloseTo(5, 5);
    const { standardDeviation } = actor.distributionAt(observation) as { standardDeviation: Float32Array };
    expect(standardDeviation[0]).toBeCloseTo(7.389056, 5);
    expect(standardDeviation[1]).toBeCloseTo(2.06e-9, 10);
  });
});

test("a deterministic policy's outputs from −1 to 1 become the Box's from low to high", () => {
  const actor = actorOf(lopsided, "deterministic", [-0.5, 1]);
  expect([...actor.act(observation)]).toEqual([-1, 10]);
  expect(actor.distributionAt(observation)).toEqual({ kind: "deterministic", action: Float32Array.of(-1, 10) });
  const drawn = actor.act(observation, { deterministic: false, random: createRandom(0) });
  expect([...drawn]).toEqual([-1, 10]);
});

test("action values: the largest allowed one decides, and chance does not", () => {
  const actor = actorOf(discrete(3), "action-values", [1, 3, 2]);
  expect(actor.act(observation)).toBe(1);
  expect(actor.act(observation, { deterministic: false })).toBe(1);
  expect(actor.act(observation, { mask: Uint8Array.of(1, 0, 1) })).toBe(2);
  const seen = actor.distributionAt(observation, { mask: Uint8Array.of(1, 0, 1) });
  expect(seen).toEqual({ kind: "action-values", values: Float32Array.of(1, -Infinity, 2) });
});

test("value distributions: the largest mean over the support decides", () => {
  // Atoms at −1, 0, 1. Action 0 is surely 0; action 1 is −1 or 1 at 1 : 3, mean 0.5, though its likeliest atom is no likelier than 0's.
  const log3 = 1.0986123;
  const actor = actorOf(discrete(2), "value-distribution", [-80, 0, -80, 0, -80, log3], { low: -1, high: 1, atoms: 3 });
  expect(actor.act(observation)).toBe(1);
  expect(actor.act(observation, { mask: Uint8Array.of(1, 0) })).toBe(0);
  expect(() => actor.act(observation, { mask: new Uint8Array(6).fill(1) })).toThrow(
    "act: mask must have length 2, one entry per logit, got 6.",
  );
  const seen = actor.distributionAt(observation);
  if (seen.kind !== "value-distribution") throw new Error(seen.kind);
  expect(seen.values[1]).toBeCloseTo(0.5, 6);
  expect(seen.probabilities[3]).toBeCloseTo(0.25, 6);
});

test("a Box without bounds cannot be stretched to, and is refused", () => {
  const layer = {
    inputs: 1,
    outputs: 1,
    activation: "identity",
    weights: new Float32Array(1),
    bias: new Float32Array(1),
  };
  const policy = {
    observationSpace: anything,
    actionSpace: box({ low: [0], high: [Infinity] }),
    distribution: "deterministic",
    layers: [layer],
    logStd: null,
    normalization: null,
  } as const;
  expect(() => createActor(policy as never)).toThrow(
    "createActor: a deterministic policy with no logStd cannot act in a box without bounds.",
  );
});
