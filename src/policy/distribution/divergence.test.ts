import { expect, test } from "vitest";
import { referenceKernel } from "../../kernel/reference.ts";
import { createRandom } from "../../math/random.ts";
import { bernoulli } from "./bernoulli.ts";
import { categorical } from "./categorical.ts";
import type { Distribution } from "./distribution.ts";
import { gaussian } from "./gaussian.ts";

const batch = 3;
const random = createRandom(6);
const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
const kernel = referenceKernel({ bytes: 2 ** 20 });
const logStd = normals(2);
const dLogStd = new Float32Array(2);

const distributions: readonly [string, Distribution][] = [
  ["categorical", categorical(kernel, [2, 4], batch)],
  ["bernoulli", bernoulli(kernel, 3, batch)],
  ["gaussian", gaussian(kernel, logStd, dLogStd)],
];

test.each(distributions)(
  "%s: KL is 0 from itself, positive to another, and its slopes are its derivatives",
  (kind, distribution) => {
    const p = { outputs: normals(batch * distribution.size), logStd: normals(2) };
    const q = { outputs: normals(batch * distribution.size), logStd: normals(2) };
    const weights = normals(batch);
    const out = new Float32Array(batch);
    distribution.divergence(p, p, batch, out);
    for (const divergence of out) expect(divergence).toBeCloseTo(0, 6);
    distribution.divergence(p, q, batch, out);
    for (const divergence of out) expect(divergence).toBeGreaterThan(0);

    const weighted = () => {
      distribution.divergence(p, q, batch, out);
      return out.reduce((sum, divergence, row) => sum + weights[row] * divergence, 0);
    };
    const slopes = new Float32Array(q.outputs.length);
    distribution.divergenceBackward(p, q, weights, batch, slopes);
    const numbers = kind === "gaussian" ? [q.outputs, q.logStd] : [q.outputs];
    const expected = kind === "gaussian" ? [slopes, dLogStd.slice()] : [slopes];
    numbers.forEach((x, part) => {
      for (let i = 0; i < x.length; i++) {
        const kept = x[i];
        x[i] = kept + 2e-3;
        const above = weighted();
        x[i] = kept - 2e-3;
        const below = weighted();
        x[i] = kept;
        const slope = (above - below) / 4e-3;
        expect(Math.abs(expected[part][i] - slope)).toBeLessThan(3e-3 * Math.max(1, Math.abs(slope)));
      }
    });
  },
);

test("a masked action takes no part in KL, nor has it a slope", () => {
  const [, distribution] = ["", categorical(kernel, [3], 1)] as const;
  const masks = Uint8Array.of(1, 0, 1);
  const p = { outputs: Float32Array.of(0, 50, 1), masks };
  const q = { outputs: Float32Array.of(1, -50, 1), masks };
  const out = new Float32Array(1);
  const slopes = new Float32Array(3);
  distribution.divergence(p, q, 1, out);
  distribution.divergenceBackward(p, q, Float32Array.of(1), 1, slopes);
  // p = (0.2689, 0.7311), q = (½, ½): Σ p log(p/q)
  expect(out[0]).toBeCloseTo(0.2689 * Math.log(0.2689 / 0.5) + 0.7311 * Math.log(0.7311 / 0.5), 4);
  expect(slopes[1]).toBe(0);
});
