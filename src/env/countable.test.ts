import { expect, test } from "vitest";
import { choicesOf, countOf, indexOf } from "./countable.ts";
import { box, dict, discrete, flatSize, multiBinary, multiDiscrete, type Space, tuple } from "./space.ts";
import { flatten } from "./space-value.ts";

test("Discrete, MultiDiscrete and a Tuple of Discretes can be counted; nothing else can", () => {
  expect(choicesOf(discrete(7, -3))).toEqual([7]);
  expect(choicesOf(multiDiscrete([2, 3]))).toEqual([2, 3]);
  expect(choicesOf(tuple([discrete(32), discrete(11), discrete(2)]))).toEqual([32, 11, 2]);
  for (const space of [
    box({ low: 0, high: 1, shape: [1] }),
    multiBinary(2),
    dict({ a: discrete(2) }),
    tuple([discrete(2), multiDiscrete([2])]),
  ]) {
    expect(choicesOf(space)).toBeNull();
  }
});

test("every value has its own number, and the last place counts fastest", () => {
  const space: Space = tuple([discrete(3), discrete(2, 5), discrete(4)]);
  const choices = choicesOf(space)!;
  const flat = new Float32Array(1 + flatSize(space));
  const numbers: number[] = [];
  for (let a = 0; a < 3; a++) {
    for (let b = 5; b < 7; b++) {
      for (let c = 0; c < 4; c++) {
        flatten<Space>(space, [a, b, c], flat, 1);
        numbers.push(indexOf(choices, flat, 1));
      }
    }
  }
  expect(countOf(choices)).toBe(24);
  expect(numbers).toEqual([...Array(24).keys()]);
});
