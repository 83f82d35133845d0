import { expect, test } from "vitest";
import { normalProbability, normalQuantile, normalTail } from "./normal.ts";
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

test("the quantiles of tables: 1.644854, 1.959964 and 2.575829 leave 5, 2.5 and 0.5 % above them", () => {
  expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 12);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
  expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489004, 12);
  expect(normalQuantile(1 - 1e-9)).toBeCloseTo(5.9978070150076865, 6);
});

test("it is odd about the median", () => {
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.25)).toBe(-normalQuantile(0.75));
});

test("a chance outside (0, 1) is refused", () => {
  for (const p of [0, 1, -0.1, NaN]) {
    expect(() => normalQuantile(p)).toThrow(`normalQuantile: p must lie in (0, 1), got ${p}.`);
  }
});

test("the chance below a quantile is the one that was asked for", () => {
  for (const p of [1e-6, 0.025, 0.3, 0.5, 0.9, 0.9999]) expect(normalProbability(normalQuantile(p))).toBeCloseTo(p, 12);
  expect([normalProbability(-40), normalProbability(40)]).toEqual([0, 1]);
});
