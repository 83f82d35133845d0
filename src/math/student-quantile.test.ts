import { expect, test } from "vitest";
import { normalQuantile } from "./normal.ts";
import { studentQuantile } from "./student-quantile.ts";

test("the 97.5 % points of tables: 4.303, 2.571, 2.228, 2.042 and the normal's for 2, 5, 10, 30 and infinitely many degrees", () => {
  expect(Math.abs(studentQuantile(0.975, 2) / 4.302653 - 1)).toBeLessThan(0.01);
  expect(studentQuantile(0.975, 5)).toBeCloseTo(2.570582, 3);
  expect(studentQuantile(0.975, 10)).toBeCloseTo(2.228139, 4);
  expect(studentQuantile(0.975, 30)).toBeCloseTo(2.042272, 6);
  expect(studentQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
});

test("it is odd about the median, and needs two degrees of freedom", () => {
  expect(studentQuantile(0.1, 7)).toBe(-studentQuantile(0.9, 7));
  expect(() => studentQuantile(0.9, 1)).toThrow("studentQuantile: degrees must be at least 2, got 1.");
});
