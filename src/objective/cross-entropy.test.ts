import { expect, test } from "vitest";
import { referenceKernel } from "../kernel/reference.ts";
import { createValueDistribution } from "../policy/value-distribution.ts";
import { crossEntropy } from "./cross-entropy.ts";

const kernel = referenceKernel({ bytes: 2 ** 16 });
const distribution = createValueDistribution(kernel, { low: 0, high: 1, atoms: 3 }, 2);
const targets = Float32Array.of(0.2, 0.3, 0.5, 1, 0, 0);
const weights = Float32Array.of(1, 0.4);
const [slopes, losses] = [new Float32Array(6), new Float32Array(2)];

function lossAt(logits: readonly number[]): number {
  const array = kernel.float32(6);
  array.set(logits);
  return crossEntropy({ ...distribution.evaluate(array, 2), targets }, weights, 2, 3, slopes, losses);
}

test("its slope at the logits is its derivative, weights and all", () => {
  const logits = [0.3, -1, 0.5, 2, 0.1, -0.4];
  lossAt(logits);
  const expected = slopes.slice();
  const h = 2 ** -6;
  for (let i = 0; i < 6; i++) {
    const moved = (by: number) => lossAt(logits.map((logit, j) => (i === j ? logit + by : logit)));
    expect((moved(h) - moved(-h)) / (2 * h), `slope ${i}`).toBeCloseTo(expected[i], 3);
  }
});

test("it is least, the target's own entropy, where the probabilities are the target, and has no slope there", () => {
  const matched = [0.2, 0.3, 0.5].map(Math.log);
  const loss = lossAt([...matched, 0, -60, -60]);
  const entropy = -[0.2, 0.3, 0.5].reduce((sum, p) => sum + p * Math.log(p), 0);
  expect(loss).toBeCloseTo(entropy / 2, 6);
  expect(losses[0]).toBeCloseTo(entropy, 6);
  for (const slope of slopes) expect(slope).toBeCloseTo(0, 6);
});
