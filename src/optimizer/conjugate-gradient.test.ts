import { expect, test } from "vitest";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createConjugateGradient, type Multiply } from "./conjugate-gradient.ts";

const kernels = [referenceKernel, wasmKernel].map((makeKernel) => makeKernel({ bytes: 2 ** 20 }));

/** From −π to π in n equal steps. */
function linspace(n: number): number[] {
  return Array.from({ length: n }, (_, i) => -Math.PI + (2 * Math.PI * i) / (n - 1));
}

/** A given whole, row by row. */
function product(a: readonly (readonly number[])[]): Multiply {
  return (p, out) => out.set(a.map((row) => row.reduce((sum, entry, j) => sum + entry * p[j], 0)));
}

test.each(kernels)("$name: where A has rank 2 and b lies in its range, A x is b after five steps", (kernel) => {
  const m = linspace(25);
  const at = (row: number, column: number) => m[5 * row + column];
  const five = [0, 1, 2, 3, 4];
  const a = five.map((i) => five.map((j) => five.reduce((sum, k) => sum + at(k, i) * at(k, j), 0)));
  const [b, x, found] = [0, 1, 2].map(() => kernel.float32(5));
  b.set(linspace(5));
  createConjugateGradient(kernel, 5)(product(a), b, 5, x);
  product(a)(x, found);
  for (const i of five) expect(found[i]).toBeCloseTo(b[i], 4);
});

test.each(kernels)(
  "$name: two steps solve a system of two unknowns, whatever x held and was solved before",
  (kernel) => {
    const solve = createConjugateGradient(kernel, 2);
    const [b, x] = [kernel.float32(2), kernel.float32(2)];
    const multiply = product([
      [4, 1],
      [1, 3],
    ]);
    x.set([5, -7]);
    for (const scale of [1, -2]) {
      b.set([scale, 2 * scale]);
      solve(multiply, b, 2, x);
      // 4·1/11 + 7/11 = 1, 1/11 + 3·7/11 = 2
      expect(x[0]).toBeCloseTo((scale * 1) / 11, 6);
      expect(x[1]).toBeCloseTo((scale * 7) / 11, 6);
    }
  },
);

test.each(kernels)("$name: the first step goes along b, as far as b·b / b·Ab", (kernel) => {
  const [b, x] = [kernel.float32(2), kernel.float32(2)];
  b.set([1, 2]);
  createConjugateGradient(kernel, 2)(product([[4, 1], [1, 3]]), b, 1, x); // biome-ignore format: a matrix
  // b·b = 5, Ab = (6, 7), b·Ab = 20
  expect([...x]).toEqual([0.25, 0.5]);
});

test.each(kernels)("$name: b = 0 asks for no product, and a flat A for one; x is 0", (kernel) => {
  const solve = createConjugateGradient(kernel, 2);
  const [b, x] = [kernel.float32(2), kernel.float32(2)];
  let products = 0;
  const flat: Multiply = (_, out) => {
    products++;
    out.fill(0);
  };
  solve(flat, b, 10, x);
  expect([products, ...x]).toEqual([0, 0, 0]);
  b.set([1, 1]);
  solve(flat, b, 10, x);
  expect([products, ...x]).toEqual([1, 0, 0]);
});

test.each(kernels)("$name: a small b is solved like a large one, until its square is below 1e-10", (kernel) => {
  const solve = createConjugateGradient(kernel, 2);
  const [b, x] = [kernel.float32(2), kernel.float32(2)];
  const multiply = product([[4, 1], [1, 3]]); // biome-ignore format: a matrix
  b.set([1e-3, 2e-3]);
  solve(multiply, b, 10, x);
  expect(1e3 * x[0]).toBeCloseTo(1 / 11, 3);
  expect(1e3 * x[1]).toBeCloseTo(7 / 11, 3);
  b.set([4e-6, 4e-6]);
  solve(multiply, b, 10, x);
  expect([...x]).toEqual([0, 0]);
});
