import { expect, test } from "vitest";
import {
  type Arm,
  createDifferenceTest,
  type DifferenceTest,
  differenceVerdict,
  mergeDifferenceTests,
  observeReturn,
} from "./difference-test.ts";
import { createRandom } from "./random.ts";

const range = { lowest: -1.5, highest: 1 };

/** Quarters, whose sums are exact in any order, into a test that may have seen some already. */
function quarters(seed: number, episodes: number, gain = 0, state = createDifferenceTest(range)): DifferenceTest {
  const random = createRandom(seed);
  for (let i = 0; i < episodes; i++) {
    const arm: Arm = random.uniform() < 0.3 ? "policy" : "baseline";
    observeReturn(state, arm, (random.integer(9) - 6) / 4 + (arm === "policy" ? gain : 0));
  }
  return state;
}

test("the width is √(2 (V + ρV²) log(½ + √(1 + 1/(ρV)) / 2α)) on both sides, worked by hand", () => {
  const state = createDifferenceTest({ lowest: -1, highest: 1, virtual: 0, effect: 0.05, promotionAlpha: 0.05 });
  for (let i = 0; i < 100; i++) {
    observeReturn(state, "policy", i < 60 ? 1 : 0);
    observeReturn(state, "baseline", i < 50 ? 1 : 0);
  }
  // V = .6 · .4 / 100 + .5 · .5 / 100 = .0049, ρ = 1 / (.05 · 2)² = 100, V + ρV² = .007301, √(1 + 1 / .49) = 1.743793,
  // log(½ + 17.43793) = 2.886918, √(2 · .007301 · 2.886918) = .205316.
  const { kind, difference, lower, upper } = differenceVerdict(state);
  expect(difference).toBeCloseTo(0.1, 12);
  expect(lower).toBeCloseTo(0.1 - 0.205316, 5);
  expect(upper).toBeCloseTo(0.1 + 0.205316, 5);
  expect(kind).toBe("undecided");
});

test("virtual episodes are the worst of the one arm and the best of the other: 2 more of −1.5 and of 1", () => {
  const state = createDifferenceTest({ ...range, virtual: 2, minimum: 2 });
  const padded = createDifferenceTest({ ...range, virtual: 0, minimum: 2 });
  for (const [arm, value] of [
    ["policy", 0.5],
    ["policy", 0],
    ["policy", 0.25],
    ["baseline", 0.5],
    ["baseline", -1],
  ] as const) {
    observeReturn(state, arm, value);
    observeReturn(padded, arm, value);
  }
  for (let i = 0; i < 2; i++) {
    observeReturn(padded, "policy", -1.5);
    observeReturn(padded, "baseline", 1);
  }
  expect(differenceVerdict(state).lower).toBeCloseTo(differenceVerdict(padded).lower, 12);
});

test("the confidence sequence always holds the running difference", () => {
  const random = createRandom(5);
  const state = createDifferenceTest({ ...range, minimum: 2 });
  for (let i = 0; i < 2000; i++) {
    observeReturn(state, random.uniform() < 0.05 ? "policy" : "baseline", random.uniform() < 0.97 ? 0.9 : -1.5);
    const { difference, lower, upper } = differenceVerdict(state);
    if (difference === null) continue;
    expect(lower).toBeLessThanOrEqual(difference);
    expect(upper).toBeGreaterThanOrEqual(difference);
  }
});

test("to exchange the arms turns the interval about", () => {
  const state = quarters(3, 2000, 0.5);
  const exchanged = { ...state, policy: state.baseline, baseline: state.policy };
  expect(differenceVerdict(state).kind).toBe("better");
  expect(differenceVerdict(exchanged)).toMatchObject({
    kind: "worse",
    lower: -differenceVerdict(state).upper,
    upper: -differenceVerdict(state).lower,
  });
});

test("nothing is known before the minimum of each arm, not even of a perfect policy", () => {
  const state = createDifferenceTest({ ...range, minimum: 50 });
  expect(differenceVerdict(state)).toEqual({
    kind: "undecided",
    difference: null,
    lower: -2.5,
    upper: 2.5,
    counts: { policy: 0, baseline: 0 },
  });
  for (let i = 0; i < 1000; i++) observeReturn(state, "baseline", -1.5);
  for (let i = 0; i < 49; i++) observeReturn(state, "policy", 1);
  expect(differenceVerdict(state).kind).toBe("undecided");
  observeReturn(state, "policy", 1);
  expect(differenceVerdict(state).kind).toBe("better");
});

test("arms at the two ends of the range, without any spread, give a finite interval", () => {
  const state = createDifferenceTest({ ...range, minimum: 2 });
  for (let i = 0; i < 100; i++) {
    observeReturn(state, "policy", -1.5);
    observeReturn(state, "baseline", 1);
  }
  const { kind, lower, upper } = differenceVerdict(state);
  expect(kind).toBe("worse");
  expect(lower).toBeCloseTo(-2.5, 12);
  expect(upper).toBeLessThan(-2);
});

test("what processes saw is merged, in any order and any grouping, and goes through JSON unchanged", () => {
  const [a, b, c] = [quarters(1, 300), quarters(2, 500), quarters(3, 70)];
  const left = mergeDifferenceTests(mergeDifferenceTests(a, b), c);
  expect(mergeDifferenceTests(a, mergeDifferenceTests(c, b))).toEqual(left);
  expect(quarters(3, 70, 0, quarters(2, 500, 0, quarters(1, 300)))).toEqual(left);
  expect(differenceVerdict(JSON.parse(JSON.stringify(left)))).toEqual(differenceVerdict(left));
  expect(mergeDifferenceTests(a, createDifferenceTest(range))).toEqual(a);
});

test("a margin keeps a policy that falls .25 short where .5 is allowed, and rolls it back where .1 is", () => {
  const verdict = (margin: number) => {
    const state = createDifferenceTest({ lowest: -2, highest: 1, margin });
    const random = createRandom(8);
    for (let i = 0; i < 5000; i++) {
      observeReturn(state, "policy", (random.integer(9) - 7) / 4);
      observeReturn(state, "baseline", (random.integer(9) - 6) / 4);
    }
    return differenceVerdict(state).kind;
  };
  expect([verdict(0.5), verdict(0.1)]).toEqual(["undecided", "worse"]);
});

test("a test that runs on over a change of shares and of the world takes the better world for a better policy", () => {
  const random = createRandom(6);
  const [both, second] = [createDifferenceTest(range), createDifferenceTest(range)];
  const worlds = [
    { share: 0.05, success: 0.6, tests: [both] },
    { share: 0.5, success: 0.8, tests: [both, second] },
  ];
  for (const { share, success, tests } of worlds) {
    for (let i = 0; i < 5000; i++) {
      const arm = random.uniform() < share ? "policy" : "baseline";
      const value = random.uniform() < success ? 1 : -1;
      for (const state of tests) observeReturn(state, arm, value);
    }
  }
  expect(differenceVerdict(both).kind).toBe("better"); // which it is not
  expect(differenceVerdict(second).kind).toBe("undecided");
});

test.each([Number.NaN, Infinity, -1.6, 1.01])("a return of %s is refused, and leaves no trace", (value) => {
  const state = createDifferenceTest(range);
  expect(() => observeReturn(state, "policy", value)).toThrow(
    `observeReturn: a return of the policy must lie in [-1.5, 1], got ${value}.`,
  );
  expect(state.policy).toEqual({ count: 0, sum: 0, squares: 0 });
});

test("options that make no test are refused", () => {
  expect(() => createDifferenceTest({ lowest: 1, highest: 1 })).toThrow(
    "createDifferenceTest: highest must be a finite number above lowest, 1, got 1.",
  );
  expect(() => createDifferenceTest({ ...range, promotionAlpha: 0 })).toThrow(
    "promotionAlpha must lie in (0, 1), got 0.",
  );
  expect(() => createDifferenceTest({ ...range, minimum: 1 })).toThrow(
    "minimum must be an integer of at least 2, got 1.",
  );
  expect(() => mergeDifferenceTests(quarters(1, 9), createDifferenceTest({ ...range, margin: 0.1 }))).toThrow(
    "mergeDifferenceTests: both must have the same margin, got 0 and 0.1.",
  );
});
