import { expect, test } from "vitest";
import { chiSquareTail, chiSquareThreshold } from "./chi-square.ts";
import { exp, log } from "./transcendental.ts";

test("the tail agrees with closed forms: of 4 degrees (1 + x/2) exp(−x/2), of 1 degree that of a squared normal", () => {
  expect(chiSquareTail(7, 4)).toBeCloseTo((1 + 3.5) * exp(-3.5), 14);
  expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
  expect(chiSquareTail(0, 7)).toBe(1);
});

test("thresholds agree with tables, of odd and even degrees, and with −2 log(tail) of 2", () => {
  expect(chiSquareThreshold(2, 1e-7)).toBeCloseTo(-2 * log(1e-7), 9);
  expect(chiSquareThreshold(9, 0.001)).toBeCloseTo(27.877, 3);
  expect(chiSquareThreshold(10, 0.05)).toBeCloseTo(18.307, 3);
  expect(chiSquareThreshold(3, 0.01)).toBeCloseTo(11.345, 3);
  expect(() => chiSquareThreshold(3, 0)).toThrow("chiSquareThreshold: tail must lie in (0, 1), got 0.");
});
