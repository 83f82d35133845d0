import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../math/random.ts";
import { createPriorities } from "./priorities.ts";
import { createSumTree } from "./sum-tree.ts";

test("a tree's sums depend on its leaves alone, whatever came before them", () => {
  const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));
  const changes = fc.array(fc.tuple(fc.nat(12), weight), { maxLength: 200 });
  fc.assert(
    fc.property(changes, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (list, targets) => {
      const [lived, rebuilt] = [createSumTree(13), createSumTree(13)];
      for (const [leaf, value] of list) lived.set(leaf, value);
      rebuilt.leaves.set(lived.leaves);
      rebuilt.rebuild();
      expect(rebuilt.total).toBe(lived.total);
      for (const target of targets) expect(rebuilt.find(target * lived.total)).toBe(lived.find(target * lived.total));
    }),
    { seed: 1 },
  );
});

test("nothing is found where the weight is 0, even at the very end of a sum that was rounded", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 40 }),
      (list) => {
        const tree = createSumTree(2 * list.length);
        list.forEach((weight, i) => void tree.set(2 * i, weight));
        for (const share of [0, 0.25, 0.5, 1 - 2 ** -53, 1, 1 + 2 ** -52]) {
          expect(tree.leaves[tree.find(share * tree.total)]).toBeGreaterThan(0);
        }
      },
    ),
    { seed: 1 },
  );
});

test("the leaf found is where the running sum passes the target", () => {
  const tree = createSumTree(5);
  [1, 2, 0, 3, 4].forEach((weight, leaf) => void tree.set(leaf, weight));
  expect(tree.total).toBe(10);
  expect([0, 0.5, 1, 2.5, 3, 5.5, 6, 9.5].map(tree.find)).toEqual([0, 0, 1, 1, 3, 3, 4, 4]);
});

test("transitions are drawn in proportion to (|δ| + ε)^α, after some have gone", () => {
  const exponent = 0.6;
  const priorities = createPriorities(30, { exponent, importance: () => 1 });
  const rows = Int32Array.from({ length: 30 }, (_, row) => row);
  const errors = Float32Array.from(rows, (row) => (row % 2 ? 1 : -1) * (0.1 + row / 5));
  rows.forEach((row) => void priorities.add(row));
  priorities.update(rows, errors, 30);
  for (const row of [3, 17, 29]) priorities.remove(row);

  const likely = Array.from(errors, (error, row) =>
    [3, 17, 29].includes(row) ? 0 : (Math.abs(error) + 1e-6) ** exponent,
  );
  const total = likely.reduce((sum, weight) => sum + weight, 0);
  const counts = new Float64Array(30);
  const [random, drawn, weights] = [createRandom(1), new Int32Array(1), new Float32Array(1)];
  const draws = 30_000;
  for (let i = 0; i < draws; i++) {
    priorities.draw(1, random, drawn, weights);
    counts[drawn[0]]++;
  }
  let chiSquare = 0;
  likely.forEach((weight, row) => {
    const expected = (draws * weight) / total;
    if (weight === 0) expect(counts[row], `row ${row}`).toBe(0);
    else chiSquare += (counts[row] - expected) ** 2 / expected;
  });
  expect(Math.abs(chiSquare - 26)).toBeLessThan(4 * Math.sqrt(2 * 26));
});

test("a batch takes one transition from each equal part of the sum", () => {
  const priorities = createPriorities(8, { exponent: 1, importance: () => 1 });
  for (let row = 0; row < 8; row++) priorities.add(row);
  const [rows, weights] = [new Int32Array(4), new Float32Array(4)];
  for (let seed = 0; seed < 50; seed++) {
    priorities.draw(4, createRandom(seed), rows, weights);
    expect(Array.from(rows, (row) => Math.floor(row / 2))).toEqual([0, 1, 2, 3]);
    expect([...weights]).toEqual([1, 1, 1, 1]);
  }
});

test("importance weights are (N P)^−β over the batch's largest", () => {
  let beta = 0.5;
  const priorities = createPriorities(4, { exponent: 1, importance: () => beta });
  const all = Int32Array.of(0, 1, 2, 3);
  for (const row of all) priorities.add(row);
  priorities.update(all, Float32Array.of(1, 4, -16, 4), 4);
  // Σ p = 25. (N P)^−½ of rows 0, 1, 2: (4/25)^−½ = 2.5, (16/25)^−½ = 1.25, (64/25)^−½ = 0.625.
  const [rows, weights] = [new Int32Array(25), new Float32Array(25)];
  priorities.draw(25, createRandom(1), rows, weights);
  const weightOf = (row: number) => weights[rows.indexOf(row)];
  expect(weightOf(0)).toBe(1);
  expect(weightOf(1)).toBeCloseTo(1.25 / 2.5, 6);
  expect(weightOf(2)).toBeCloseTo(0.625 / 2.5, 6);
  beta = 1;
  priorities.draw(25, createRandom(1), rows, weights);
  expect(weightOf(2)).toBeCloseTo(1 / 16, 6);
  // Without row 0 the largest is that of rows 1 and 3.
  priorities.remove(0);
  priorities.draw(25, createRandom(1), rows, weights);
  expect(weightOf(1)).toBe(1);
  expect(weightOf(2)).toBeCloseTo(1 / 4, 6);
});

test("a new transition is as likely as the likeliest so far, one that has gone stays gone, and errors must be finite", () => {
  const priorities = createPriorities(4, { exponent: 0.5, importance: () => 1 });
  priorities.add(0);
  expect(priorities.column[0]).toBe(1);
  priorities.update(Int32Array.of(0), Float32Array.of(9), 1);
  priorities.update(Int32Array.of(0), Float32Array.of(0.25), 1);
  expect(priorities.column[0]).toBeCloseTo(0.5, 5);
  priorities.add(1);
  expect(priorities.column[1]).toBeCloseTo(3, 5);
  priorities.remove(1);
  priorities.update(Int32Array.of(1), Float32Array.of(2), 1);
  expect(priorities.column[1]).toBe(0);
  expect(() => priorities.update(Int32Array.of(0), Float32Array.of(Number.NaN), 1)).toThrow(
    "priorities: an error must be finite, got NaN.",
  );
});
