import { expect, test } from "vitest";
import { normalTail } from "./normal.ts";
import { exp } from "./transcendental.ts";

test("the tail of the normal agrees with tables, near and far", () => {
  expect(normalTail(0)).toBe(0.5);
  expect(normalTail(1)).toBeCloseTo(0.15865525393145707, 14);
  expect(normalTail(-1.959963984540054)).toBeCloseTo(0.975, 14);
  expect(normalTail(6) / 9.865876450376981e-10).toBeCloseTo(1, 10);
});

test("the series and the continued fraction meet at 3, and the slope of the tail is minus the density", () => {
  expect(normalTail(3 - 1e-12) / normalTail(3)).toBeCloseTo(1, 10);
  for (const x of [0.5, 2.9, 3.5, 5]) {
    const slope = (normalTail(x - 1e-4) - normalTail(x + 1e-4)) / 2e-4;
    expect(slope / (exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI))).toBeCloseTo(1, 6);
  }
});
