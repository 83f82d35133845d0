import { expect, test } from "vitest";
import { clippedSurrogate } from "./clipped-surrogate.ts";
import { adaptKlCoefficient, penalizedSurrogate } from "./kl-penalty.ts";
import { scoreFunction } from "./score-function.ts";
import { clippedValueError, squaredError } from "./squared-error.ts";
import { surrogate } from "./surrogate.ts";

const oldLogProbs = Float32Array.of(-1, -0.7, -2, -0.2, -1.5);
const logProbs = Float32Array.of(-0.9, -1.4, -1.2, -0.21, -1.6);
const advantages = Float32Array.of(1, -2, 0.5, -0.3, 2);
const n = 5;

/** Compares a slope with the central difference of the value, sample by sample. */
function expectSlope(x: Float32Array, value: () => number, slope: ArrayLike<number>): void {
  for (let i = 0; i < x.length; i++) {
    const kept = x[i];
    x[i] = kept + 1e-3;
    const above = value();
    x[i] = kept - 1e-3;
    const below = value();
    x[i] = kept;
    expect(slope[i]).toBeCloseTo((above - below) / 2e-3, 3);
  }
}

test("the clipped surrogate's slope is its derivative, and a clipped sample has none", () => {
  const dLogProbs = new Float32Array(n);
  clippedSurrogate({ logProbs, oldLogProbs, advantages }, n, 0.2, dLogProbs);
  const scratch = new Float32Array(n);
  expectSlope(
    logProbs,
    () => clippedSurrogate({ logProbs, oldLogProbs, advantages }, n, 0.2, scratch).value,
    dLogProbs,
  );
  // exp(0.8) = 2.23 > 1.2 with a positive advantage; exp(−0.7) = 0.497 < 0.8 with a negative one.
  expect([dLogProbs[2], dLogProbs[1]]).toEqual([0, 0]);
});

test("a policy that has not moved has ratio 1: the surrogate is the mean advantage, nothing is clipped, KL is 0", () => {
  const change = { logProbs: oldLogProbs, oldLogProbs, advantages };
  const { value, kl, clippedFraction } = clippedSurrogate(change, n, 0.2, new Float32Array(n));
  expect(value).toBeCloseTo((1 - 2 + 0.5 - 0.3 + 2) / 5, 6);
  expect([kl, clippedFraction]).toEqual([0, 0]);
});

test("rlax's clipped surrogate of one sample: ratio 1.5, advantage 2, ε 0.2 is worth 1.2 · 2", () => {
  const change = {
    logProbs: Float32Array.of(Math.log(0.6)),
    oldLogProbs: Float32Array.of(Math.log(0.4)),
    advantages: Float32Array.of(2),
  };
  expect(clippedSurrogate(change, 1, 0.2, new Float32Array(1)).value).toBeCloseTo(2.4, 5);
});

test("the penalised surrogate's slope is its derivative", () => {
  const dLogProbs = new Float32Array(n);
  penalizedSurrogate({ logProbs, oldLogProbs, advantages }, n, 0.7, dLogProbs);
  const scratch = new Float32Array(n);
  expectSlope(
    logProbs,
    () => penalizedSurrogate({ logProbs, oldLogProbs, advantages }, n, 0.7, scratch).value,
    dLogProbs,
  );
});

test("the KL coefficient halves below 2/3 of the target, doubles above 3/2 of it, and rests between", () => {
  expect([0.005, 0.01, 0.016].map((kl) => adaptKlCoefficient(1, kl, 0.01))).toEqual([0.5, 1, 2]);
});

test("the KL coefficient comes back from however long a way down, and stays finite however long a way up", () => {
  let beta = 1;
  for (let i = 0; i < 1100; i++) beta = adaptKlCoefficient(beta, 0, 0.01);
  expect(adaptKlCoefficient(beta, 1, 0.01)).toBeGreaterThan(beta);
  for (let i = 0; i < 2200; i++) beta = adaptKlCoefficient(beta, 1, 0.01);
  expect(beta).toBe(1e10);
});

test("TRPO's surrogate has its derivative as slope: the ratio times the advantage, over n, never clipped", () => {
  const dLogProbs = new Float32Array(n);
  surrogate({ logProbs, oldLogProbs, advantages }, n, dLogProbs);
  const scratch = new Float32Array(n);
  expectSlope(logProbs, () => surrogate({ logProbs, oldLogProbs, advantages }, n, scratch), dLogProbs);
  // exp(0.8) · 0.5 / 5
  expect(dLogProbs[2]).toBeCloseTo(0.22255, 5);
});

test("the score function's slope is the advantage over n", () => {
  const dLogProbs = new Float32Array(n);
  scoreFunction(logProbs, advantages, n, dLogProbs);
  expectSlope(logProbs, () => scoreFunction(logProbs, advantages, n, new Float32Array(n)), dLogProbs);
});

test("both value errors have their derivative as slope, and a clipped value has none", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5);
  const oldValues = Float32Array.of(1.1, 1.2, 3.05, 3.9, 5);
  const returns = Float32Array.of(0, 3, 3, 5, 4);
  const slope = new Float32Array(n);
  const scratch = new Float32Array(n);
  squaredError(values, returns, n, slope);
  expectSlope(values, () => squaredError(values, returns, n, scratch), slope);
  clippedValueError(values, oldValues, returns, n, 0.2, slope);
  expectSlope(values, () => clippedValueError(values, oldValues, returns, n, 0.2, scratch), slope);
  expect(slope[1]).toBe(0);
});
