import { expect, test } from "vitest";
import { cos, exp, log, log1p, sin, tanh } from "./transcendental.ts";

/** Evenly spaced points, both ends among them. */
function grid(low: number, high: number, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
}

/** The distance in units in the last place of the expected value. */
function ulps(actual: number, expected: number): number {
  if (Object.is(actual, expected)) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected))), -1022);
  return Math.abs(actual - expected) / 2 ** (exponent - 52);
}

/** The largest distance from the engine's own function, itself good to one unit. */
function worst(points: number[], ours: (x: number) => number, engine: (x: number) => number): number {
  return points.reduce((most, x) => Math.max(most, ulps(ours(x), engine(x))), 0);
}

const tiny = grid(-300, 2, 5_000).map((power) => 10 ** power);

test("exp is within 2 units in the last place from the smallest normal result to the largest", () => {
  expect(worst(grid(-708, 709.78, 50_000), exp, Math.exp)).toBeLessThanOrEqual(2);
  expect(worst(grid(-1, 1, 50_000), exp, Math.exp)).toBeLessThanOrEqual(2);
});

test("log is within 2 units in the last place, close to 1 and over the whole range", () => {
  expect(worst(grid(0.5, 2, 50_000), log, Math.log)).toBeLessThanOrEqual(2);
  expect(worst([...tiny, ...grid(1, 1e6, 20_000), 5e-324, 1.7e308], log, Math.log)).toBeLessThanOrEqual(2);
});

test("log1p is within 1 unit in the last place of the engine's, also where 1 + x is rounded", () => {
  expect(worst([...grid(-0.999, 3, 50_000), ...tiny, 1e17], log1p, Math.log1p)).toBeLessThanOrEqual(1);
});

test("sin and cos are within 2 units in the last place up to 2²⁰, at multiples of π/2 too", () => {
  const turns = grid(1, 60_000, 59_999).map((n) => n * (Math.PI / 2));
  for (const points of [grid(-10, 10, 50_000), grid(-(2 ** 20), 2 ** 20, 50_000), turns, tiny.slice(0, -10)]) {
    expect(worst(points, sin, Math.sin)).toBeLessThanOrEqual(2);
    expect(worst(points, cos, Math.cos)).toBeLessThanOrEqual(2);
  }
});

test("beyond 2²⁰, sin and cos are off by at most 4e-17 of the argument", () => {
  for (const x of grid(2 ** 20, 1e12, 10_000)) {
    expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(x * 4e-17 + 3e-16);
    expect(Math.abs(cos(-x) - Math.cos(x))).toBeLessThan(x * 4e-17 + 3e-16);
  }
});

test("tanh is within 4 units in the last place of the engine's, itself 2 off, and reaches ±1 at ±20", () => {
  expect(worst([...grid(-23, 23, 50_000), ...grid(-1, 1, 50_000), ...tiny], tanh, Math.tanh)).toBeLessThanOrEqual(4);
  expect([tanh(20), tanh(-20), tanh(Infinity), tanh(-Infinity)]).toEqual([1, -1, 1, -1]);
});

test("the ends of each range are as the mathematics has them", () => {
  expect([exp(710), exp(-746), exp(Infinity), exp(-Infinity), exp(0)]).toEqual([Infinity, 0, Infinity, 0, 1]);
  expect(exp(-740)).toBeCloseTo(Math.exp(-740), 320);
  expect(exp(-740)).toBeGreaterThan(0);
  expect([log(0), log(1), log(Infinity), log(-1)]).toEqual([-Infinity, 0, Infinity, NaN]);
  expect([log1p(-1), log1p(0), log1p(Infinity), log1p(-2)]).toEqual([-Infinity, 0, Infinity, NaN]);
  expect([sin(0), cos(0), sin(Infinity), cos(Infinity)]).toEqual([0, 1, NaN, NaN]);
});

test("not a number stays not a number", () => {
  for (const f of [exp, log, log1p, sin, cos, tanh]) expect(f(NaN)).toBeNaN();
});
