import { expect, test } from "vitest";
import { doublyRobust, inversePropensity, selfNormalized, shrunk, switched } from "./bandit-estimators.ts";

/** w = 2, ½ and 20. */
const three = {
  rewards: [1, 1, 0.5],
  propensities: [0.25, 0.8, 0.05],
  probabilities: [0.5, 0.4, 1],
};
/** What is left of r is ½, 0 and −½. */
const model = { actionValues: [0.5, 1, 1], values: [0.5, 0.75, 1] };

test("IPS is the mean of w r: (2 + ½ + 10) / 3", () => {
  const { value, terms } = inversePropensity(three);
  expect([...terms]).toEqual([2, 0.5, 10]);
  expect(value).toBeCloseTo(12.5 / 3, 14);
});

test("SNIPS divides by the weights: 12.5 / 22.5", () => {
  const { value, terms, weights } = selfNormalized(three);
  expect(value).toBeCloseTo(12.5 / 22.5, 14);
  expect(weights?.reduce((sum, weight) => sum + weight)).toBeCloseTo(3, 12);
  expect(terms.reduce((sum, term) => sum + term)).toBeCloseTo(3 * value, 12);
});

test("DR adds what the model misses: (½ + 2·½) + ¾ + (1 − 20·½)", () => {
  expect([...doublyRobust({ ...three, model }).terms]).toEqual([1.5, 0.75, -9]);
});

test("Switch leaves the row of weight 20 to the model, or without one to nothing", () => {
  expect([...switched({ ...three, model }, 2).terms]).toEqual([1.5, 0.75, 1]);
  expect([...switched(three, 2).terms]).toEqual([2, 0.5, 0]);
});

test("DRos of λ = 100 makes 20 into 100 · 20 / 500 = 4, and nothing into more than √λ / 2 = 5", () => {
  expect(shrunk({ ...three, model }, 100).terms[2]).toBeCloseTo(1 - 4 * 0.5, 14);
  const ten = { rewards: [1, 1], propensities: [0.1, 0.1], probabilities: [1, 1] };
  expect(shrunk(ten, 100).value).toBeCloseTo(5, 14);
});

test("a model that knows the rewards leaves nothing for the weights to do", () => {
  const known = { actionValues: three.rewards, values: [0.1, 0.2, 0.3] };
  for (const estimate of [
    doublyRobust,
    (log: typeof three) => switched(log, 3),
    (log: typeof three) => shrunk(log, 9),
  ]) {
    expect(estimate({ ...three, ...{ model: known } }).value).toBeCloseTo(0.2, 14);
  }
});

test("columns that do not belong together are refused by name", () => {
  expect(() => inversePropensity({ ...three, propensities: [0.1] })).toThrow(
    "inversePropensity: propensities must hold 3 numbers, one a row, got 1.",
  );
  expect(() => doublyRobust({ ...three, model: { ...model, values: [] } })).toThrow(
    "doublyRobust: model.values must hold 3 numbers, one a row, got 0.",
  );
  expect(() => selfNormalized({ rewards: [], propensities: [], probabilities: [] })).toThrow(
    "selfNormalized: the log must hold at least 2 rows, got 0.",
  );
  expect(() => switched(three, 0)).toThrow("switched: bound must be a positive number, got 0.");
  const distributions = { actions: 2, propensities: [1, 0], probabilities: [1, 0] };
  expect(() => inversePropensity({ ...three, distributions })).toThrow(
    "inversePropensity: distributions.propensities must hold 3 × 2 numbers, one for each action a row, got 2.",
  );
});
