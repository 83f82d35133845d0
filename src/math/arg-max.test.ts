import { expect, test } from "vitest";
import { argMax } from "./arg-max.ts";

const values = Float32Array.of(9, 1, 3, 3, 2, 9);

test("argMax finds the first of the largest between start and end", () => {
  expect(argMax(values, null, 1, 5)).toBe(2);
  expect(argMax(values, undefined, 0, 6)).toBe(0);
});

test("what is forbidden does not count, and where everything is, there is none", () => {
  expect(argMax(values, Uint8Array.of(0, 1, 0, 1, 1, 0), 0, 6)).toBe(3);
  expect(argMax(values, new Uint8Array(6), 1, 5)).toBe(-1);
});
