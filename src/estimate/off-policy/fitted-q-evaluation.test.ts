import { expect, test } from "vitest";
import { type TransitionTable, tabulate } from "../../env/transition-table.ts";
import { evaluatePolicy } from "../../exact/dynamic-programming.ts";
import type { StationaryPolicy } from "../../exact/stationary-policy.ts";
import { type EvaluationBatch, fittedQEvaluation, rewardModel } from "./fitted-q-evaluation.ts";
import { ridgeRegression, tabularRegression } from "./regression.ts";

const discount = 0.8;

/** A walk over four states: action 1 goes right with ¾, action 0 left with ¾; the end is right of the last. */
const walk: TransitionTable = {
  P: tabulate(4, 2, (state, action) => {
    const right = action ? 0.75 : 0.25;
    return [
      { probability: right, next: Math.min(3, state + 1), reward: state, terminated: state === 3 },
      { probability: 1 - right, next: Math.max(0, state - 1), reward: -1, terminated: false },
    ];
  }),
  start: [1, 0, 0, 0],
};
const policy: StationaryPolicy = {
  states: 4,
  actions: 2,
  chances: Float64Array.of(0.1, 0.9, 0.5, 0.5, 0.7, 0.3, 0.2, 0.8),
};

/** Each step as often as its chance says, out of four: with this batch, a mean is an expectation. */
function batchOf(encode: (state: number) => readonly number[]): EvaluationBatch {
  const steps = walk.P.flatMap((row, state) =>
    row.flatMap((outcomes, action) =>
      outcomes.flatMap((outcome) =>
        Array.from({ length: 4 * outcome.probability }, () => ({ state, action, ...outcome })),
      ),
    ),
  );
  return {
    size: steps.length,
    observations: steps.flatMap(({ state }) => encode(state)),
    actions: steps.map(({ action }) => action),
    rewards: steps.map(({ reward }) => reward),
    nextObservations: steps.flatMap(({ next }) => encode(next)),
    terminated: steps.map(({ terminated }) => Number(terminated)),
    nextProbabilities: steps.flatMap(({ next }) => [policy.chances[2 * next], policy.chances[2 * next + 1]]),
  };
}

const oneHot = (state: number) => [0, 1, 2, 3].map((other) => Number(other === state));
const table = batchOf((state) => [state]);

test("with a table, and every step as often as it is likely, FQE comes to the exact Q", () => {
  const { actionValues, change } = fittedQEvaluation(table, tabularRegression(table, 4), { discount });
  expect(change).toBeLessThanOrEqual(1e-9);
  const out = new Float64Array(8);
  actionValues([0, 1, 2, 3], 4, out);
  const exact = evaluatePolicy(walk, policy, { discount }).actionValues;
  for (let pair = 0; pair < 8; pair++) expect(out[pair]).toBeCloseTo(exact[pair], 7);
});

test("ridge regression on an indicator of each state is that table", () => {
  const batch = batchOf(oneHot);
  const { actionValues } = fittedQEvaluation(batch, ridgeRegression(batch, 1e-9), { discount });
  const out = new Float64Array(8);
  actionValues([0, 1, 2, 3].flatMap(oneHot), 4, out);
  const exact = evaluatePolicy(walk, policy, { discount }).actionValues;
  for (let pair = 0; pair < 8; pair++) expect(out[pair]).toBeCloseTo(exact[pair], 5);
});

test("k regressions see k steps ahead; the first sees the reward alone", () => {
  const { actionValues, iterations } = fittedQEvaluation(table, tabularRegression(table, 4), {
    discount,
    iterations: 1,
  });
  expect(iterations).toBe(1);
  const out = new Float64Array(2);
  actionValues([2], 1, out);
  expect([...out]).toEqual([0.25 * 2 - 0.75, 0.75 * 2 - 0.25]);
});

test("what terminated is worth its reward alone; what was cut goes on", () => {
  const loop = (terminated: number) => ({
    size: 1,
    observations: [0],
    actions: [0],
    rewards: [1],
    nextObservations: [0],
    terminated: [terminated],
    nextProbabilities: [1],
  });
  const value = (batch: EvaluationBatch) => {
    const out = new Float64Array(1);
    fittedQEvaluation(batch, tabularRegression(batch, 1), { discount: 0.5 }).actionValues([0], 1, out);
    return out[0];
  };
  expect(value(loop(1))).toBe(1);
  expect(value(loop(0))).toBeCloseTo(2, 8); // 1 / (1 − ½)
});

test("ridge regression finds the line, an action at a time, and gives way by its penalty", () => {
  const batch: EvaluationBatch = {
    size: 4,
    observations: [0, 1, 2, 5],
    actions: [0, 0, 0, 1],
    rewards: [1, 3, 5, 7],
    nextObservations: [0, 0, 0, 0],
    terminated: [1, 1, 1, 1],
    nextProbabilities: [1, 0, 1, 0, 1, 0, 1, 0],
  };
  const out = new Float64Array(2);
  fittedQEvaluation(batch, ridgeRegression(batch), { discount }).actionValues([3], 1, out);
  expect(out[0]).toBeCloseTo(7, 4); // 1 + 2 s
  // One row (5, 1) of target 7: θ = 7 (5, 1) / (26 + 26), so 16 / 52 · 7 at s = 3.
  fittedQEvaluation(batch, ridgeRegression(batch, 26), { discount }).actionValues([3], 1, out);
  expect(out[1]).toBeCloseTo((7 * 16) / 52, 10);
});

test("the model of a Q is Q of what was logged, and its mean under π_e", () => {
  const { actionValues } = fittedQEvaluation(table, tabularRegression(table, 4), { discount, iterations: 1 });
  const model = rewardModel(actionValues, [2, 2], [1, 0], [0.5, 0.5, 0, 1]);
  expect(model.actionValues).toEqual(Float64Array.of(1.25, -0.25));
  expect(model.values).toEqual(Float64Array.of(0.5, 1.25));
});

test("values that grow without end are an error that says what to do", () => {
  // From s = 1 to s′ = 20: Q(20) is 10.5 times Q(1) of the line that the penalty prefers, and 10.5 γ > 1.
  const batch: EvaluationBatch = {
    size: 1,
    observations: [1],
    actions: [0],
    rewards: [1],
    nextObservations: [20],
    terminated: [0],
    nextProbabilities: [1],
  };
  expect(() => fittedQEvaluation(batch, ridgeRegression(batch), { discount: 0.99 })).toThrow(
    /^fittedQEvaluation: the values must stay finite, but do not in regression \d+: take a smaller discount, a larger penalty, or other features\.$/,
  );
});

test("batches that do not hold together are refused", () => {
  const run = (change: Partial<EvaluationBatch>) => () =>
    fittedQEvaluation({ ...table, ...change }, tabularRegression(table, 4), { discount });
  expect(run({ rewards: [1] })).toThrow("fittedQEvaluation: rewards must hold 32 numbers, one a step, got 1.");
  expect(run({ nextProbabilities: [1] })).toThrow(
    "fittedQEvaluation: nextProbabilities must hold a chance for each action and step, got 1 for 32 steps.",
  );
  expect(run({ actions: new Float64Array(32).fill(2) })).toThrow(
    "fittedQEvaluation: actions must be integers from 0 to 1, got 2 in step 0.",
  );
  expect(() => tabularRegression(table, 3)).toThrow(
    "tabularRegression: a step has one observation, from 0 to 2, got 3.",
  );
  expect(() => ridgeRegression(table, 0)).toThrow("ridgeRegression: penalty must be a positive number, got 0.");
});
