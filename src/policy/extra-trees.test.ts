import { expect, test } from "vitest";
import { evaluateForest, type Forest } from "../math/forest.ts";
import { createRandom } from "../math/random.ts";
import { createTreeGrower } from "./extra-trees.ts";

/** A forest of one output, grown on y = f(x) at random places of [0, 1]². */
function grown(rows: number, trees: number, minSplit: number, f: (a: number, b: number) => number, seed = 1) {
  const random = createRandom(7);
  const x = Float32Array.from({ length: 2 * rows }, () => random.uniform());
  const y = Float32Array.from({ length: rows }, (_, i) => f(x[2 * i], x[2 * i + 1]));
  const grower = createTreeGrower({ minSplit, candidates: 2 }, createRandom(seed));
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const roots = Int32Array.from({ length: trees }, () => grower.grow({ x, y, inputs: 2 }, all));
  return { x, y, forest: { nodes: grower.take(), roots, outputs: 1 } satisfies Forest };
}

function at(forest: Forest, x: Float32Array, row: number): number {
  const out = new Float32Array(1);
  evaluateForest(forest, x.subarray(2 * row), 1, 2, out);
  return out[0];
}

test("a fully grown tree says of every row it has seen what that row said", () => {
  const { x, y, forest } = grown(300, 1, 2, (a, b) => a * a - b);
  for (let row = 0; row < 300; row++) expect(at(forest, x, row)).toBe(y[row]);
});

test("fewer rows than minSplit are one leaf, worth their mean", () => {
  const { x, y, forest } = grown(10, 3, 11, (a) => a);
  expect(forest.nodes.length).toBe(3 * 3);
  expect(at(forest, x, 0)).toBeCloseTo(y.reduce((sum, value) => sum + value, 0) / 10, 6);
});

test("fifty trees come nearer to a smooth function than one, between the rows", () => {
  const f = (a: number, b: number) => a * b + a;
  const places = grown(200, 1, 2, f).x.map((value) => 0.05 + 0.9 * (1 - value));
  const error = (trees: number) => {
    const { forest } = grown(1000, trees, 4, f);
    let sum = 0;
    for (let row = 0; row < 200; row++)
      sum += Math.abs(at(forest, places, row) - f(places[2 * row], places[2 * row + 1]));
    return sum / 200;
  };
  expect(error(50)).toBeLessThan(0.02);
  expect(error(50)).toBeLessThan(0.6 * error(1));
});

test("the seed decides every tree", () => {
  const [one, same, other] = [1, 1, 2].map((seed) => grown(50, 2, 2, (a) => a, seed).forest.nodes);
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

test("rows that cannot be told apart are a leaf worth their mean", () => {
  const grower = createTreeGrower({ minSplit: 2, candidates: 1 }, createRandom(0));
  const data = { x: Float32Array.of(1, 1, 1), y: Float32Array.of(0, 1, 5), inputs: 1 };
  grower.grow(data, Int32Array.of(0, 1, 2));
  expect([...grower.take()]).toEqual([-1, 2, 0]);
});
