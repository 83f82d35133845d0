import { expect, test } from "vitest";
import { fitList, refineList, scoreOf } from "./fit-list.ts";
import { dimensionsOf, type State } from "./state.ts";

const giveUp = 3;

/** So many visits at which the policy surely takes one choice. */
function state(visits: number, takes: number, { tried = [0, 0, 0, 0], mask = [1, 1, 1, 1] } = {}): State {
  const weights = new Float64Array(4);
  weights[takes] = visits;
  return { places: new Uint8Array(), tried: Uint8Array.from(tried), mask: Uint8Array.from(mask), weights };
}

test("a list has what the policy takes first, and behind it what it takes where that is forbidden or was tried", () => {
  const states = [
    state(6, 0),
    state(3, 1, { mask: [0, 1, 1, 1] }),
    state(2, 0, { tried: [1, 0, 0, 0] }),
    state(2, 2, { tried: [2, 1, 0, 0] }),
    state(1, giveUp, { tried: [2, 1, 1, 0] }),
  ];
  const fitted = fitList(states, giveUp);
  // After [0], of what is left the policy takes 1 three times, 0 again twice and 2 twice.
  expect(fitted.list.slice(0, 2)).toEqual([0, 1]);
  // Improved, the second try of 0 comes before 1.
  const { list, score } = refineList(fitted, states, giveUp);
  expect(list).toEqual([0, 0, 1, 2]);
  expect(score).toBeCloseTo(14 - 5e-4 * 14 * 4, 10); // it agrees with all 14 visits
});

test("a list's score is the policy's chance of what the list takes, less a little for each entry", () => {
  const states = [state(6, 0), state(3, 1, { mask: [0, 1, 1, 1] }), state(1, giveUp, { tried: [1, 1, 0, 0] })];
  expect(scoreOf([0, 1], states, giveUp)).toBeCloseTo(10 - 5e-4 * 10 * 2, 10);
  expect(scoreOf([1, 0], states, giveUp)).toBeCloseTo(3 + 1 - 5e-4 * 10 * 2, 10);
  expect(scoreOf([], states, giveUp)).toBeCloseTo(1, 10);
});

test("of two things that always say the same rules ask of one, of a tag rather than of a feature", () => {
  const visits = [0, 1, 2, 3].map((i) => ({
    seen: {
      "features.load": i / 10,
      "features.critical": i % 2 === 0,
      "tags.freshness": i % 2 === 0 ? "critical" : "any",
      service: "orders",
      class: i < 2 ? "429" : "TIMEOUT",
      attempt: 1 + i,
    },
    tried: [],
    mask: [1],
    probabilities: [1],
  }));
  expect(dimensionsOf(visits).map(({ key }) => key)).toEqual(["class", "tags.freshness", "attempt"]);
});
