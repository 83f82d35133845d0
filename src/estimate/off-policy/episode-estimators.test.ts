import { expect, test } from "vitest";
import { type TransitionTable, tabulate } from "../../env/transition-table.ts";
import { evaluatePolicy, expectedReturn } from "../../exact/dynamic-programming.ts";
import type { StationaryPolicy } from "../../exact/stationary-policy.ts";
import { createRandom } from "../../math/random.ts";
import { standardDeviation } from "../../math/statistics.ts";
import {
  perDecision,
  sequentialDoublyRobust,
  weightedDoublyRobust,
  weightedPerDecision,
} from "./episode-estimators.ts";
import type { LoggedEpisodes } from "./logged-episodes.ts";

/** Weights 2, then 2 · ½ = 1; and ½. */
const two: LoggedEpisodes = {
  lengths: [2, 1],
  rewards: [1, 3, 4],
  propensities: [0.5, 0.8, 0.6],
  probabilities: [1, 0.4, 0.3],
};
const model = { actionValues: [1, 2, 3], values: [2, 1, 1] };

test("PDIS weights each reward by what led to it: 2·1 + ½·1·3 and ½·4", () => {
  const { value, terms } = perDecision(two, 0.5);
  expect([...terms]).toEqual([3.5, 2]);
  expect(value).toBe(2.75);
});

test("weighted PDIS divides by the weights of all episodes, the one that ended keeping its own", () => {
  // Step 0: (2·1 + ½·4) / 2.5 = 1.6. Step 1: 1·3 / (1 + ½) = 2.
  const { value, terms } = weightedPerDecision(two, 0.5);
  expect(value).toBeCloseTo(1.6 + 0.5 * 2, 14);
  // What the second takes off at step 1, where it has ended: γ ρ X / mean ρ = 0.5 · 0.5 · 2 / 0.75.
  expect(terms[1]).toBeCloseTo(2.6 + (0.5 * (4 - 1.6)) / 1.25 - (0.5 * 0.5 * 2) / 0.75, 14);
});

test("DR adds to V(s₀) what came otherwise than the model expected", () => {
  // 2 + 2·(1 + ½·1 − 1) + ½·1·(3 − 2) and 1 + ½·(4 − 3).
  expect([...sequentialDoublyRobust({ ...two, model }, 0.5).terms]).toEqual([3.5, 1.5]);
  // Step 0: (2·½ + ½·1) / 2.5 = 0.6. Step 1: 1·1 / 1.5.
  expect(weightedDoublyRobust({ ...two, model }, 0.5).value).toBeCloseTo(1.5 + 0.6 + 0.5 / 1.5, 14);
});

test("a cut episode keeps the value of where it was cut", () => {
  const cut = { ...two, finalValues: [0, 10] };
  expect([...perDecision(cut, 0.5).terms]).toEqual([3.5, 0.5 * (4 + 0.5 * 10)]);
  expect(sequentialDoublyRobust({ ...cut, model }, 0.5).terms[1]).toBe(1 + 0.5 * (4 + 0.5 * 10 - 3));
});

test("where the policies are the same, all are the mean return, but for what a model says of it", () => {
  const same = { ...two, probabilities: two.propensities };
  const meanReturn = (1 + 0.5 * 3 + 4) / 2;
  expect(perDecision(same, 0.5).value).toBeCloseTo(meanReturn, 14);
  expect(weightedPerDecision(same, 0.5).value).toBeCloseTo(meanReturn, 14);
});

/** Two states in which one acts, two actions, and an end. */
const task: TransitionTable = {
  P: tabulate(3, 2, (state, action) =>
    state === 2
      ? [{ probability: 1, next: 2, reward: 0, terminated: true }]
      : [
          { probability: action ? 0.7 : 0.2, next: 1, reward: 1 + state, terminated: false },
          { probability: action ? 0.3 : 0.8, next: 2, reward: action - 0.5, terminated: true },
        ],
  ),
  start: [0.6, 0.4, 0],
};
const policy = (...chances: readonly number[]): StationaryPolicy => ({
  states: 3,
  actions: 2,
  chances: Float64Array.from(chances),
});
const logging = policy(0.5, 0.5, 0.8, 0.2, 1, 0);
const evaluated = policy(0.1, 0.9, 0.3, 0.7, 1, 0);
const discount = 0.9;

interface Path {
  readonly states: readonly number[];
  readonly actions: readonly number[];
  readonly rewards: readonly number[];
  readonly chance: number;
}

/** Every way that `horizon` steps under the logging policy can go, with its chance. */
function paths(horizon: number): Path[] {
  const grow = (path: Path, state: number, left: number): Path[] => {
    if (left === 0) return [path];
    return [0, 1].flatMap((action) =>
      task.P[state][action].flatMap(({ probability, next, reward, terminated }) => {
        const grown = {
          states: [...path.states, state],
          actions: [...path.actions, action],
          rewards: [...path.rewards, reward],
          chance: path.chance * probability * logging.chances[2 * state + action],
        };
        return terminated ? [grown] : grow(grown, next, left - 1);
      }),
    );
  };
  return task.start.flatMap((chance, state) =>
    chance > 0 ? grow({ states: [], actions: [], rewards: [], chance }, state, horizon) : [],
  );
}

/** Paths as a log; the model is some function of state and action, wrong on purpose. */
function logOf(taken: readonly Path[]) {
  const steps = taken.flatMap(({ states, actions }) => states.map((state, i) => 2 * state + actions[i]));
  const q = (pair: number) => 0.3 + 0.7 * pair;
  const of = (chances: Float64Array) => steps.map((pair) => chances[pair]);
  return {
    lengths: taken.map(({ states }) => states.length),
    rewards: taken.flatMap(({ rewards }) => rewards),
    propensities: of(logging.chances),
    probabilities: of(evaluated.chances),
    model: {
      actionValues: steps.map(q),
      values: steps.map((pair) => {
        const first = pair - (pair % 2);
        return evaluated.chances[first] * q(first) + evaluated.chances[first + 1] * q(first + 1);
      }),
    },
  };
}

test("PDIS and DR are unbiased: over every possible episode, chance by chance, they are worth what the policy is", () => {
  const all = paths(3);
  expect(all.reduce((sum, { chance }) => sum + chance, 0)).toBeCloseTo(1, 12);
  const exact = expectedReturn(task, evaluated, 3, discount);
  for (const { terms } of [perDecision(logOf(all), discount), sequentialDoublyRobust(logOf(all), discount)]) {
    expect(terms.reduce((sum, term, i) => sum + all[i].chance * term, 0)).toBeCloseTo(exact, 12);
  }
});

/** Episodes by chance: what `paths` lists, drawn. */
function drawn(size: number, seed: number, horizon: number) {
  const all = paths(horizon);
  const random = createRandom(seed);
  return logOf(
    Array.from({ length: size }, () => {
      let left = random.uniform();
      const found = all.find(({ chance }) => {
        left -= chance;
        return left < 0;
      });
      return found ?? all[0];
    }),
  );
}

test("weighted estimates come to the exact value as the log grows, and vary less than the unweighted on the way", () => {
  const exact = expectedReturn(task, evaluated, 6, discount);
  for (const estimate of [weightedPerDecision, weightedDoublyRobust]) {
    expect(Math.abs(estimate(drawn(20_000, 1, 6), discount).value - exact)).toBeLessThan(0.05);
  }
  const logs = Array.from({ length: 60 }, (_, seed) => drawn(300, seed, 6));
  const spread = (estimate: typeof weightedDoublyRobust) =>
    standardDeviation(logs.map((log) => estimate(log, discount).value));
  expect(spread(weightedPerDecision)).toBeLessThan(spread(perDecision));
});

test("the spread of the terms tells the spread of the estimates from log to log", () => {
  const logs = Array.from({ length: 300 }, (_, seed) => drawn(300, seed, 2));
  for (const estimate of [perDecision, weightedPerDecision, sequentialDoublyRobust, weightedDoublyRobust]) {
    const told = logs.map((log) => estimate(log, discount));
    const expected = told.reduce((sum, { terms }) => sum + standardDeviation([...terms]) / Math.sqrt(300) / 300, 0);
    const ratio = standardDeviation(told.map(({ value }) => value)) / expected;
    expect(ratio, estimate.name).toBeGreaterThan(0.88);
    expect(ratio, estimate.name).toBeLessThan(1.12);
  }
});

test("with the true values as the model and no chance in the task, DR is exact from any log", () => {
  const certain: TransitionTable = {
    P: tabulate(3, 2, (state, action) => [
      { probability: 1, next: Math.min(2, state + 1), reward: action, terminated: state === 2 },
    ]),
    start: [1, 0, 0],
  };
  const { values, actionValues, startValue } = evaluatePolicy(certain, evaluated, { discount });
  const pairs = [0, 3, 4, 1, 2, 4]; // two episodes through states 0, 1 and 2
  const log = {
    lengths: [3, 3],
    rewards: pairs.map((pair) => pair % 2),
    propensities: pairs.map((pair) => logging.chances[pair]),
    probabilities: pairs.map((pair) => evaluated.chances[pair]),
    model: { actionValues: pairs.map((pair) => actionValues[pair]), values: pairs.map((pair) => values[pair >> 1]) },
  };
  for (const term of sequentialDoublyRobust(log, discount).terms) expect(term).toBeCloseTo(startValue, 8);
  expect(weightedDoublyRobust(log, discount).value).toBeCloseTo(startValue, 8);
});

test("a log that does not hold together is refused", () => {
  expect(() => perDecision({ ...two, lengths: [2, 2] }, 1)).toThrow(
    "perDecision: rewards must hold 4 numbers, one a step, got 3.",
  );
  expect(() => perDecision({ ...two, lengths: [3, 0] }, 1)).toThrow(
    "perDecision: lengths must be positive integers, got 0 for episode 1.",
  );
  expect(() => perDecision({ ...two, lengths: [3] }, 1)).toThrow(
    "perDecision: the log must hold at least 2 episodes, got 1.",
  );
  expect(() => perDecision({ ...two, finalValues: [1] }, 1)).toThrow(
    "perDecision: finalValues must hold 2 numbers, one an episode, got 1.",
  );
  expect(() => perDecision(two, 1.1)).toThrow("perDecision: discount must lie in [0, 1], got 1.1.");
});
