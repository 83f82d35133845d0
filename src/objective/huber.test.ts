import { expect, test } from "vitest";
import { huber } from "./huber.ts";

const numbers = (...x: readonly number[]) => Float32Array.from(x);

test("Huber's loss is half the square within 1 and a line beyond, and its slope never exceeds the weight", () => {
  const [slopes, errors] = [new Float32Array(4), new Float32Array(4)];
  const row = { predictions: numbers(0.5, 1, 5, -3), targets: numbers(0, 0, 1, 0), weights: numbers(1, 1, 1, 0.5) };
  // ½ 0.5² + ½ 1² + (4 − ½) + ½ (3 − ½) = 0.125 + 0.5 + 3.5 + 1.25 = 5.375
  expect(huber(row, 4, slopes, errors)).toBeCloseTo(5.375 / 4, 6);
  expect([...slopes]).toEqual([0.5 / 4, 1 / 4, 1 / 4, -0.5 / 4]);
  expect([...errors]).toEqual([0.5, 1, 4, 3]);
});

test("its slope is its derivative", () => {
  const [slopes, unused] = [new Float32Array(3), new Float32Array(3)];
  const row = { targets: numbers(0.3, -2, 1.2), weights: numbers(1, 0.7, 0.2) };
  const at = (...predictions: readonly number[]) =>
    huber({ ...row, predictions: numbers(...predictions) }, 3, slopes, unused);
  at(0.1, 1, 1.4);
  const expected = slopes.slice();
  const h = 2 ** -8;
  expect((at(0.1 + h, 1, 1.4) - at(0.1 - h, 1, 1.4)) / (2 * h)).toBeCloseTo(expected[0], 4);
  expect((at(0.1, 1 + h, 1.4) - at(0.1, 1 - h, 1.4)) / (2 * h)).toBeCloseTo(expected[1], 4);
  expect((at(0.1, 1, 1.4 + h) - at(0.1, 1, 1.4 - h)) / (2 * h)).toBeCloseTo(expected[2], 4);
});
