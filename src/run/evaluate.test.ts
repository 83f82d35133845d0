import { expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { type Box, box, type Discrete, discrete } from "../env/space.ts";
import type { Policy } from "../policy/policy.ts";
import { evaluate } from "./evaluate.ts";

/** Observes its seed's last digit; pays 1 for action 1 and ends after three steps. */
function payingEnv(rules: { mask?: Uint8Array; reward?: number; ends?: boolean } = {}): Env<Box, Discrete> {
  let steps = 0;
  const info = rules.mask ? { actionMask: rules.mask } : {};
  const observation = Float32Array.of(1);
  return {
    id: "Paying-v0",
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(2),
    reset: () => {
      steps = 0;
      return { observation, info };
    },
    step: (action) => {
      steps++;
      const terminated = rules.ends !== false && steps === 3;
      return { observation, reward: rules.reward ?? Number(action), terminated, truncated: false, info };
    },
  };
}

/** Prefers action 1. */
const policy: Policy<Box, Discrete> = {
  observationSpace: box({ low: -1, high: 1, shape: [1] }),
  actionSpace: discrete(2),
  distribution: "categorical",
  layers: [
    { inputs: 1, outputs: 2, activation: "identity", weights: Float32Array.of(0, 0), bias: Float32Array.of(0, 1) },
  ],
  logStd: null,
  normalization: null,
  parameters: new Float32Array(4),
};

test("an evaluation tells returns, lengths and their statistics", () => {
  expect(evaluate(policy, () => payingEnv(), { episodes: 2 })).toEqual({
    episodes: 2,
    returns: [3, 3],
    lengths: [3, 3],
    mean: 3,
    std: 0,
    iqm: 3,
    ci95: [3, 3],
  });
});

test("a forbidden action is not taken, however much the policy likes it", () => {
  const { returns } = evaluate(policy, () => payingEnv({ mask: Uint8Array.of(1, 0) }), { episodes: 1 });
  expect(returns).toEqual([0]);
});

test("an episode without end is cut", () => {
  const { lengths } = evaluate(policy, () => payingEnv({ ends: false }), { episodes: 1, maxSteps: 17 });
  expect(lengths).toEqual([17]);
});

test("actions by chance follow from the seed, and differ from the likeliest ones", () => {
  const returns = (seed: number) =>
    evaluate(policy, () => payingEnv(), { episodes: 50, seed, deterministic: false }).returns;
  expect(returns(1)).toEqual(returns(1));
  expect(returns(1)).not.toEqual(returns(2));
  expect(returns(1)).toContain(2);
});

test("a reward that is no number is refused with its step", () => {
  expect(() => evaluate(policy, () => payingEnv({ reward: Number.NaN }), {})).toThrow(
    "evaluate: Paying-v0 gave reward NaN at step 1 of an episode.",
  );
  expect(() => evaluate(policy, () => payingEnv(), { episodes: 0 })).toThrow(
    "evaluate: episodes must be a positive integer, got 0.",
  );
});
