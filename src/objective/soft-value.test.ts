import { expect, test } from "vitest";
import { softPolicySlope, softValues } from "./soft-value.ts";

const size = { rows: 2, actions: 3 };
const actionValues = Float32Array.of(1, 4, -2, 0.5, 0, 3);

/** log softmax, row by row. */
function logSoftmax(logits: Float32Array): Float32Array {
  return logits.map((logit, i) => {
    const row = logits.subarray(3 * Math.floor(i / 3), 3 * Math.floor(i / 3) + 3);
    return logit - Math.log(row.reduce((sum, other) => sum + Math.exp(other), 0));
  });
}

function values(logits: Float32Array, temperature: number): Float32Array {
  const out = new Float32Array(2);
  softValues(logSoftmax(logits), actionValues, temperature, size, out);
  return out;
}

test("even chances are worth the mean of Q and α log n", () => {
  // (1 + 4 − 2) / 3 + 0.5 · log 3 = 1.5493; (0.5 + 0 + 3) / 3 + 0.5 · log 3 = 1.7160
  const [first, second] = values(new Float32Array(6), 0.5);
  expect(first).toBeCloseTo(1.5493, 4);
  expect(second).toBeCloseTo(1.716, 3);
});

test("a certain choice is worth its Q, and a forbidden one changes nothing", () => {
  const out = new Float32Array(2);
  softValues(Float32Array.of(0, -1e30, -1e30, -1e30, -1e30, 0), actionValues, 0.5, size, out);
  expect([...out]).toEqual([1, 3]);
});

test("the best chances are the softmax of Q / α: there the slope is 0 and V is α log Σ exp(Q / α)", () => {
  const temperature = 0.7;
  const logits = actionValues.map((value) => value / temperature);
  const worth = values(logits, temperature);
  expect(worth[0]).toBeCloseTo(
    temperature * Math.log(Math.exp(1 / temperature) + Math.exp(4 / temperature) + Math.exp(-2 / temperature)),
    5,
  );
  const dLogits = new Float32Array(6);
  softPolicySlope(logSoftmax(logits), actionValues, worth, temperature, size, dLogits);
  for (const slope of dLogits) expect(Math.abs(slope)).toBeLessThan(1e-6);
});

test("the slope is that of −mean V by finite differences", () => {
  const logits = Float32Array.of(0.3, -0.8, 1.1, -1.5, 0.2, 0.4);
  const dLogits = new Float32Array(6);
  softPolicySlope(logSoftmax(logits), actionValues, values(logits, 0.4), 0.4, size, dLogits);
  const loss = () => -values(logits, 0.4).reduce((sum, value) => sum + value / 2, 0);
  for (let i = 0; i < 6; i++) {
    const kept = logits[i];
    logits[i] = kept + 1e-2;
    const above = loss();
    logits[i] = kept - 1e-2;
    const below = loss();
    logits[i] = kept;
    expect(dLogits[i]).toBeCloseTo((above - below) / 2e-2, 3);
  }
});
