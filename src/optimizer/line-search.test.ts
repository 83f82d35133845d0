import { expect, test } from "vitest";
import { referenceKernel } from "../kernel/reference.ts";
import { createLineSearch } from "./line-search.ts";

const kernel = referenceKernel({ bytes: 2 ** 20 });

function from(...values: number[]): Float32Array {
  const array = kernel.float32(values.length);
  array.set(values);
  return array;
}

test("each length tried is shrink of the one before, and all start from the same place", () => {
  const parameters = from(1, -1);
  const tried: number[] = [];
  const found = createLineSearch(kernel, parameters)(from(2, 4), 0.5, 10, () => {
    tried.push(parameters[0] - 1);
    expect((parameters[1] + 1) / (parameters[0] - 1)).toBeCloseTo(2, 5);
    return tried.length === 4;
  });
  expect(tried).toEqual([2, 1, 0.5, 0.25]);
  expect(found).toBe(0.125);
  expect([...parameters]).toEqual([1.25, -0.5]);
});

test("on −(x − 1)² from 0 with a step of 4, the first length that gains is a quarter: 4 and 2 lose or gain nothing", () => {
  const x = from(0);
  const value = () => -(x[0] - 1) * (x[0] - 1);
  const before = value();
  const found = createLineSearch(kernel, x)(from(4), 0.5, 10, () => value() > before);
  expect([found, x[0]]).toEqual([0.25, 1]);
});

test("where every length is refused, the parameters are put back to the bit", () => {
  const parameters = from(0.1, 1e-30, -7);
  const before = parameters.slice();
  let tries = 0;
  const found = createLineSearch(kernel, parameters)(from(1e8, 3, Number.NaN), 0.8, 10, () => ++tries > 10);
  expect(tries).toBe(10);
  expect(found).toBe(0);
  expect(parameters).toEqual(before);
});
