import { expect, test } from "vitest";
import { carOnTheHill } from "../env/classic/car-on-the-hill.ts";
import type { Dynamics } from "../env/dynamics.ts";
import { box, type Discrete, discrete } from "../env/space.ts";
import { bestReturn } from "./look-ahead.ts";

/** A place on a line, to the left or to the right; at −1 a reward of 1, at 4 one of 10. */
const line: Dynamics<Discrete> = {
  id: "Line",
  maxEpisodeSteps: 6,
  observationSpace: box({ low: -Infinity, high: Infinity, shape: [1] }),
  actionSpace: discrete(2),
  stateSize: 1,
  start(state, at) {
    state[at] = 0;
  },
  advance(state, at, actions, actionAt) {
    state[at] += actions[actionAt] === 1 ? 1 : -1;
    return state[at] === -1 ? 1 : state[at] === 4 ? 10 : 0;
  },
  isTerminal: (state, at) => state[at] === -1 || state[at] === 4,
  observe: () => {},
  draw: () => "",
};

test("what is near is left for what is far as long as that is worth more: γ³ · 10 against 1", () => {
  const at = (discount: number, start: number) => bestReturn(line, [start], { discount, cell: [1], most: 10 });
  expect(at(0.5, 0)).toBe(10 / 8); // four steps to the right
  expect(at(0.4, 0)).toBe(1); // 0.4³ · 10 = 0.64
  expect(at(1, 3)).toBe(10);
});

test("an episode that is cut before it earns anything is worth what it has", () => {
  expect(bestReturn({ ...line, maxEpisodeSteps: 3 }, [1], { discount: 1, cell: [1], most: 10 })).toBe(10);
  expect(bestReturn({ ...line, maxEpisodeSteps: 2 }, [1], { discount: 1, cell: [1], most: 10 })).toBe(1);
  expect(bestReturn({ ...line, maxEpisodeSteps: 1 }, [1], { discount: 1, cell: [1], most: 10 })).toBe(0);
});

test("of two ways into the same cell the one that gained more goes on", () => {
  // Right costs 2, left costs 1, and both lead to the same cell; the third step ends it.
  const tolls: Dynamics<Discrete> = {
    ...line,
    maxEpisodeSteps: 2,
    advance(state, at, actions, actionAt) {
      state[at] += 0.1;
      return actions[actionAt] === 1 ? -2 : -1;
    },
    isTerminal: () => false,
  };
  expect(bestReturn(tolls, [0], { discount: 1, cell: [1], most: 0 })).toBe(-2);
});

test("in the car on the hill, half the cell finds hardly more, and never less than a coarse one by much", () => {
  const starts = [
    [-0.5, 0],
    [0.25, 0],
    [-0.875, -1.5],
    [0.5, 3],
  ];
  const mean = (size: number) => {
    const options = { discount: 0.95, cell: [2 * size, 6 * size], most: 1 };
    return starts.reduce((sum, start) => sum + bestReturn(carOnTheHill, start, options), 0) / starts.length;
  };
  expect(Math.abs(mean(0.01) - mean(0.02))).toBeLessThan(0.02);
});
