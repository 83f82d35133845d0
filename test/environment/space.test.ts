import { describe, expect, expectTypeOf, test } from "vitest";
import {
  actionSize,
  type Box,
  box,
  type Dict,
  type Discrete,
  dict,
  discrete,
  flatSize,
  logitCount,
  type MultiBinary,
  type MultiDiscrete,
  multiBinary,
  multiDiscrete,
  type Space,
  type Tuple,
  tuple,
  type Value,
  type ValueOf,
} from "../../src/env/space.ts";
import { spaceFromJson, spaceToJson } from "../../src/env/space-json.ts";
import { contains, decodeAction, encodeAction, flatten, sample } from "../../src/env/space-value.ts";
import { createRandom } from "../../src/math/random.ts";

const half = box({ low: [0, -Infinity, -1], high: [Infinity, 2, 1] });
const nested = dict({ gear: discrete(3, 1), rest: tuple([half, multiDiscrete([2, 4]), multiBinary(2)]) });
const spaces: Space[] = [discrete(4), discrete(3, -1), half, multiDiscrete([2, 3]), multiBinary(5), nested];

test("a space's values have the type that its constructor implies", () => {
  expectTypeOf<ValueOf<Discrete>>().toEqualTypeOf<number>();
  expectTypeOf<ValueOf<Box>>().toEqualTypeOf<Float32Array>();
  expectTypeOf<ValueOf<MultiDiscrete>>().toEqualTypeOf<Int32Array>();
  expectTypeOf<ValueOf<MultiBinary>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<ValueOf<Dict<{ speed: Box; gear: Discrete }>>>().toEqualTypeOf<{
    readonly speed: Float32Array;
    readonly gear: number;
  }>();
  expectTypeOf<ValueOf<Tuple<[Box, Discrete]>>>().toEqualTypeOf<readonly [Float32Array, number]>();
  expectTypeOf<ValueOf<Space>>().toExtend<Value>();
  expectTypeOf(sample(nested, createRandom(0)).gear).toEqualTypeOf<number>();
  expectTypeOf(sample(nested, createRandom(0)).rest[1]).toEqualTypeOf<Int32Array>();
});

test("an observation is flattened part by part: choices one-hot, numbers as they are", () => {
  const value = { gear: 2, rest: [Float32Array.of(5, 6, 7), Int32Array.of(1, 2), Uint8Array.of(1, 0)] } as const;
  expect(flatSize(nested)).toBe(3 + 3 + 2 + 4 + 2);
  const out = new Float32Array(16).fill(9);
  expect(flatten(nested, value, out, 1)).toBe(15);
  expect([...out]).toEqual([9, 0, 1, 0, 5, 6, 7, 0, 1, 0, 0, 1, 0, 1, 0, 9]);
});

test.each<[string, Space, unknown, string]>([
  ["a choice past the end", discrete(5), 7, "observation must be an integer from 0 to 4, got 7"],
  ["a choice below the start", discrete(2, 1), 0, "observation must be an integer from 1 to 2, got 0"],
  ["what is not a number", discrete(5), NaN, "observation must be an integer from 0 to 4, got NaN"],
  ["a text", discrete(5), "1", 'observation must be an integer from 0 to 4, got "1"'],
  ["nothing", discrete(5), null, "observation must be an integer from 0 to 4, got null"],
  ["a fraction", multiDiscrete([2, 3]), [0, 0.5], "observation[1] must be an integer from 0 to 2, got 0.5"],
  [
    "a choice too many",
    multiDiscrete([2]),
    Int32Array.of(0, 1),
    "observation must be 1 numbers, got an Int32Array of 2",
  ],
  ["a switch at 2", multiBinary(2), Uint8Array.of(1, 2), "observation[1] must be 0 or 1, got 2"],
  ["a Box too long", half, new Float32Array(4), "observation must be 3 numbers, got a Float32Array of 4"],
  ["a missing Box", half, undefined, "observation must be 3 numbers, got undefined"],
  ["a part wrong", dict({ a: dict({ b: discrete(2) }) }), { a: { b: 2 } }, "observation.a.b must be an integer from 0"],
  [
    "a part missing",
    dict({ a: half, b: half }),
    { a: half.low },
    "observation must be the parts a, b, got an object with a",
  ],
  [
    "a part too many",
    dict({ a: discrete(2) }),
    { a: 0, b: 0 },
    "observation must be the parts a, got an object with a, b",
  ],
  ["another part", dict({ a: discrete(2) }), { b: 0 }, "observation must be the parts a, got an object with b"],
  ["no record", dict({ a: discrete(2) }), 3, "observation must be the parts a, got 3"],
  ["a short tuple", tuple([half, half]), [half.low], "observation must be the parts 0, 1, got an Array of 1"],
])("an observation that does not fit its space is refused: %s", (_, space, value, message) => {
  const out = new Float32Array(20);
  expect(() => flatten(space, value as never, out, 0)).toThrow(`flatten: ${message}`);
});

test("an action is one number per place, counted from 0, and comes back the same", () => {
  const action = { gear: 3, rest: [Float32Array.of(5, 1, 0), Int32Array.of(1, 3), Uint8Array.of(0, 1)] } as const;
  expect(actionSize(nested)).toBe(1 + 3 + 2 + 2);
  const flat = new Float32Array(9);
  expect(encodeAction(nested, action, flat, 1)).toBe(9);
  expect([...flat]).toEqual([0, 2, 5, 1, 0, 1, 3, 0, 1]);
  expect(decodeAction(nested, flat, 1)).toEqual(action);
});

test("a mask has an entry for each choice and each switch, none for a Box", () => {
  expect(spaces.map(logitCount)).toEqual([4, 3, 0, 5, 5, 3 + 0 + 6 + 2]);
});

describe.each(spaces)("%o", (space) => {
  test("contains each of its samples, which survive the way through an action", () => {
    const random = createRandom(1);
    for (let i = 0; i < 200; i++) {
      const value = sample(space, random);
      expect(contains(space, value)).toBe(true);
      const flat = new Float32Array(actionSize(space));
      encodeAction(space, value, flat, 0);
      expect(decodeAction(space, flat, 0)).toEqual(value);
    }
  });

  test("comes back from JSON, infinite bounds and all", () => {
    expect(spaceFromJson(JSON.parse(JSON.stringify(spaceToJson(space))))).toEqual(space);
  });
});

test("samples reach every choice, and the whole of a bounded interval", () => {
  const random = createRandom(2);
  const gears = new Set(Array.from({ length: 100 }, () => sample(discrete(3, 1), random)));
  expect([...gears].sort()).toEqual([1, 2, 3]);
  const numbers = Array.from({ length: 1000 }, () => sample(box({ low: [-2], high: [6] }), random)[0]);
  expect(Math.min(...numbers)).toBeLessThan(-1.9);
  expect(Math.max(...numbers)).toBeGreaterThan(5.9);
});

test.each<[string, Space, unknown]>([
  ["a choice below the start", discrete(3, 1), 0],
  ["a choice past the end", discrete(3, 1), 4],
  ["a fraction", discrete(3), 0.5],
  ["a plain array for a Box", half, [0, 0, 0]],
  ["a Box of the wrong length", half, Float32Array.of(0, 0)],
  ["a number out of bounds", half, Float32Array.of(-1, 0, 0)],
  ["what is not a number", half, Float32Array.of(0, NaN, 0)],
  ["a choice too high in one place", multiDiscrete([2, 3]), Int32Array.of(1, 3)],
  ["a switch at 2", multiBinary(2), Uint8Array.of(0, 2)],
  ["a record without a part", nested, { gear: 1 }],
  ["a record with a part too many", dict({ a: discrete(2) }), { a: 0, b: 0 }],
  ["a record for a tuple", tuple([discrete(2)]), { 0: 1 }],
  ["nothing", nested, null],
])("%s is not contained", (_, space, value) => {
  expect(contains(space, value)).toBe(false);
});

test.each([
  [() => discrete(0), "discrete: n must be a positive integer, got 0."],
  [() => discrete(2, 0.5), "discrete: start must be an integer, got 0.5."],
  [() => box({ low: 0, high: 1 }), "box: give a shape, or bounds as arrays; got two numbers and no shape."],
  [() => box({ low: 0, high: [1, 2], shape: [3] }), "box: high must have 3 entries for shape [3], got 2."],
  [() => box({ low: [0, 3], high: [1, 2] }), "box: low must not exceed high, got 3 and 2 in place 1."],
  [() => box({ low: NaN, high: 1, shape: [1] }), "box: low must be a number in every place, got NaN."],
  [() => multiDiscrete([2, 0]), "multiDiscrete: each entry of nvec must be a positive integer, got 0."],
  [() => multiBinary(-1), "multiBinary: n must be a positive integer, got -1."],
  [() => tuple([]), "tuple: needs a part, got none."],
  [() => dict({}), "dict: needs a part, got none."],
  [() => dict({ b: half, 1: half }), 'dict: a part\'s name must hold more than digits, got "1".'],
  [() => spaceFromJson({ kind: "text" } as never), 'spaceFromJson: unknown space {"kind":"text"}.'],
])("a space that cannot be is refused: %#", (construct, message) => {
  expect(construct).toThrow(message);
});
