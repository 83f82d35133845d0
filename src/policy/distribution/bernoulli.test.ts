import { describe, expect, test } from "vitest";
import { referenceKernel } from "../../kernel/reference.ts";
import { wasmKernel } from "../../kernel/wasm-kernel.ts";
import { createRandom } from "../../math/random.ts";
import { bernoulli } from "./bernoulli.ts";

const batch = 3;
const size = 5;
const masks = Uint8Array.of(1, 0, 1, 1, 0, /**/ 1, 1, 1, 1, 1, /**/ 0, 0, 0, 0, 0);
const kernels = [referenceKernel({ bytes: 2 ** 20 }), wasmKernel({ bytes: 2 ** 20 })];

describe.each(kernels.map((kernel) => [kernel.name, kernel] as const))("%s", (_, kernel) => {
  const distribution = bernoulli(kernel, size, batch);
  const random = createRandom(3);
  const numbers = (length: number) => kernel.float32(length).map(() => 0);
  const kept = (values: ArrayLike<number>) => {
    const array = kernel.float32(values.length);
    array.set(values);
    return array;
  };
  const normals = (length: number) => kept(Array.from({ length }, () => random.normal()));
  const logits = normals(batch * size).map((x) => 2 * x + 1);
  const [logProbs, entropies] = [kernel.float32(batch), kernel.float32(batch)];

  test("a forbidden switch is never on, neither drawn nor likeliest, however large its logit", () => {
    const actions = numbers(batch * size);
    const on = new Float32Array(batch * size);
    const high = kept(logits.map((x, i) => (masks[i] ? x : 80)));
    distribution.mode(high, masks, batch, actions);
    expect([...actions]).toEqual([...high].map((logit, i) => (masks[i] && logit > 0 ? 1 : 0)));
    for (let round = 0; round < 200; round++) {
      distribution.sample(high, masks, batch, random, actions, logProbs);
      for (let i = 0; i < on.length; i++) on[i] += actions[i];
      expect(logProbs[2]).toBeCloseTo(0, 12);
    }
    expect([...on].map((count) => count > 0)).toEqual([...masks].map((mask) => mask === 1));
  });

  test("what is drawn has the log-probability that is evaluated, as if the forbidden switches were not there", () => {
    const actions = kernel.float32(batch * size);
    const drawn = kernel.float32(batch);
    distribution.sample(logits, masks, batch, random, actions, drawn);
    distribution.evaluate(logits, masks, actions, batch, logProbs, entropies);
    for (let row = 0; row < batch; row++) {
      let [logProb, entropy] = [0, 0];
      for (let i = row * size; i < (row + 1) * size; i++) {
        if (!masks[i]) continue;
        const p = 1 / (1 + Math.exp(-logits[i]));
        logProb += Math.log(actions[i] ? p : 1 - p);
        entropy -= p * Math.log(p) + (1 - p) * Math.log(1 - p);
      }
      expect(drawn[row]).toBeCloseTo(logProb, 5);
      expect(logProbs[row]).toBeCloseTo(logProb, 5);
      expect(entropies[row]).toBeCloseTo(entropy, 5);
    }
    expect([Math.abs(logProbs[2]), Math.abs(entropies[2])]).toEqual([0, 0]);
  });

  test.each([
    ["with a mask", masks],
    ["without, after one with", null],
  ])("%s, slopes are derivatives, and a forbidden switch has none", (_, mask) => {
    const x = kept(logits);
    const actions = kernel.float32(batch * size);
    distribution.sample(x, mask, batch, random, actions, logProbs);
    const [dLogProbs, dEntropies] = [normals(batch), normals(batch)];
    const slopes = kernel.float32(batch * size);
    const total = () => {
      distribution.evaluate(x, mask, actions, batch, logProbs, entropies);
      return logProbs.reduce(
        (sum, _, row) => sum + dLogProbs[row] * logProbs[row] + dEntropies[row] * entropies[row],
        0,
      );
    };
    total();
    distribution.backward(x, actions, dLogProbs, dEntropies, batch, slopes);
    for (let i = 0; i < x.length; i++) {
      const middle = x[i];
      x[i] = middle + 1e-2;
      const above = total();
      x[i] = middle - 1e-2;
      const below = total();
      x[i] = middle;
      expect(Math.abs(slopes[i] - (above - below) / 2e-2)).toBeLessThan(1e-3);
      if (mask && !mask[i]) expect(Math.abs(slopes[i])).toBe(0);
    }
  });

  test("KL counts only the switches that may be on, and has no slope at the others", () => {
    const other = kept(logits.map((x, i) => x - 1 - i / 10));
    const out = new Float32Array(batch);
    const slopes = new Float32Array(batch * size);
    distribution.divergence({ outputs: logits, masks }, { outputs: other, masks }, batch, out);
    distribution.divergenceBackward({ outputs: logits, masks }, { outputs: other, masks }, out, batch, slopes);
    for (let row = 0; row < batch; row++) {
      let sum = 0;
      for (let i = row * size; i < (row + 1) * size; i++) {
        if (!masks[i]) expect(Math.abs(slopes[i])).toBe(0);
        if (!masks[i]) continue;
        const [p, q] = [logits[i], other[i]].map((logit) => 1 / (1 + Math.exp(-logit)));
        sum += p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
        expect(slopes[i]).toBeCloseTo(out[row] * (q - p), 5);
      }
      expect(out[row]).toBeCloseTo(sum, 5);
    }
  });
});
