import { describe, expect, test } from "vitest";
import { blackjack } from "../env/toy-text/blackjack.ts";
import { cliffWalking } from "../env/toy-text/cliff-walking.ts";
import { frozenLake } from "../env/toy-text/frozen-lake.ts";
import { taxi } from "../env/toy-text/taxi.ts";
import { tabulate } from "../env/transition-table.ts";
import {
  backwardInduction,
  evaluatePolicy,
  expectedReturn,
  policyIteration,
  valueIteration,
} from "./dynamic-programming.ts";
import { deterministicPolicy, epsilonGreedyPolicy } from "./stationary-policy.ts";

/** Two states: 0 may stay for 1 a step, or go on to 1 for 0, which ends for 5. */
const choice = {
  P: tabulate(2, 2, (state, action) => {
    if (state === 1) return [{ probability: 1, next: 1, reward: 5, terminated: true }];
    return [{ probability: 1, next: action, reward: action === 0 ? 1 : 0, terminated: false }];
  }),
  start: [1, 0],
};

test("to stay is worth 1 / (1 − γ), to leave γ · 5: each is best on its side of where they meet", () => {
  // γ = 0.5: 1 / 0.5 = 2 against 0.5 · 5 = 2.5; and staying once before leaving gives 1 + 0.5 · 2.5 = 2.25.
  const hasty = valueIteration(choice, { discount: 0.5 });
  expect([...hasty.choices]).toEqual([1, 0]);
  expect(hasty.startValue).toBeCloseTo(2.5, 10);
  expect([...hasty.actionValues]).toEqual([2.25, 2.5, 5, 5]);
  // γ = 0.9: 1 / 0.1 = 10 against 0.9 · 5 = 4.5.
  const patient = valueIteration(choice, { discount: 0.9 });
  expect(patient.choices[0]).toBe(0);
  expect(patient.startValue).toBeCloseTo(10, 9);
});

test("with three steps left one stays once: 1 + 0 + 5", () => {
  const { values, choices, startValue } = backwardInduction(choice, 3);
  expect(startValue).toBe(6);
  expect(choices[2 * 2]).toBe(0);
  expect(choices[1 * 2]).toBe(1);
  expect([values[2], values[4], values[6]]).toEqual([1, 5, 6]);
});

test("half of the time by chance: V = ½ max Q + ½ mean Q", () => {
  const { values } = valueIteration(choice, { discount: 0.5, epsilon: 0.5 });
  const [stay, leave] = [1 + 0.5 * values[0], 2.5];
  expect(values[0]).toBeCloseTo(0.5 * Math.max(stay, leave) + 0.25 * (stay + leave), 10);
});

test("episodes without end have no value at discount 1, and that is said", () => {
  expect(() => valueIteration(choice, { discount: 1 })).toThrow(
    "valueIteration: the values do not settle at discount 1: some episodes never end. Take a discount below 1, or backwardInduction.",
  );
  // V₂ = 0.99 · 5 = 4.95, V₃ = 1 + 0.99 · 4.95, which is 0.9505 more, then 0.99 of that a sweep: 0.9505 · 0.99⁷ = 0.8859.
  expect(() => valueIteration(choice, { discount: 0.99, maxSweeps: 10 })).toThrow(
    /^valueIteration: the values do not settle at discount 0\.99: after 10 sweeps some still change by 0\.8859\d+\. Take more maxSweeps,/,
  );
  expect(() => valueIteration(choice, { discount: 1.5 })).toThrow(
    "valueIteration: discount must lie in [0, 1], got 1.5.",
  );
  expect(() => backwardInduction(choice, -1)).toThrow("horizon must be an integer of at least 0, got -1.");
  expect(() => expectedReturn(choice, deterministicPolicy([0], 2), 5)).toThrow(
    "expectedReturn: the policy must have 2 states and 2 actions like the table, got 1 and 2.",
  );
});

describe("the known optima", () => {
  test("FrozenLake 4×4: .744190 in 100 steps, .740165 for the best policy that does not know the time, 14/17 without limit", () => {
    const { table } = frozenLake();
    expect(backwardInduction(table, 100).startValue).toBeCloseTo(0.74419, 6);
    const { choices, startValue } = valueIteration(table, { discount: 0.99 });
    expect(startValue).toBeCloseTo(0.542026, 6);
    expect(expectedReturn(table, deterministicPolicy(choices, 4), 100)).toBeCloseTo(0.740165, 6);
    expect(valueIteration(table, { discount: 1 }).startValue).toBeCloseTo(14 / 17, 6);
  });

  test("FrozenLake 8×8: .913220 in 200 steps, .862955 for the greedy policy of γ = .99", () => {
    const { table } = frozenLake({ map: "8x8" });
    expect(backwardInduction(table, 200).startValue).toBeCloseTo(0.91322, 6);
    const { choices } = valueIteration(table, { discount: 0.99 });
    expect(expectedReturn(table, deterministicPolicy(choices, 4), 200)).toBeCloseTo(0.862955, 6);
  });

  test("Taxi: 7.93 over its 300 starts", () => {
    expect(valueIteration(taxi().table, { discount: 1 }).startValue).toBeCloseTo(7.93, 6);
  });

  test("CliffWalking: −13 along the cliff, less than −40 there with ε = .1, for which a path of 15 steps is best and worth −20.71", () => {
    const { table } = cliffWalking();
    const along = valueIteration(table, { discount: 1 });
    expect(along.startValue).toBe(-13);
    const alongByChance = evaluatePolicy(table, epsilonGreedyPolicy(along.choices, 4, 0.1), { discount: 1 });
    expect(alongByChance.startValue).toBeLessThan(-40);
    const safe = valueIteration(table, { discount: 1, epsilon: 0.1 });
    expect(safe.startValue).toBeCloseTo(-20.71, 2);
    expect(expectedReturn(table, deterministicPolicy(safe.choices, 4), 100)).toBe(-15);
  });

  test("Blackjack: −.043113 by Sutton and Barto's rules, −.046556 without them; sticking at 17 gives −.075852", () => {
    const { table, observationOf } = blackjack();
    expect(valueIteration(table, { discount: 1 }).startValue).toBeCloseTo(-0.043113, 6);
    expect(valueIteration(blackjack({ sab: false }).table, { discount: 1 }).startValue).toBeCloseTo(-0.046556, 6);
    const cautious = table.P.map((_, state) => Number(observationOf(state)[0] < 17));
    expect(expectedReturn(table, deterministicPolicy(cautious, 2), 30)).toBeCloseTo(-0.075852, 6);
  });
});

test("policy iteration comes to what value iteration comes to", () => {
  for (const { table } of [frozenLake(), cliffWalking()]) {
    const values = valueIteration(table, { discount: 0.99 });
    const policies = policyIteration(table, { discount: 0.99 });
    expect(policies.startValue).toBeCloseTo(values.startValue, 8);
    const played = deterministicPolicy(policies.choices, table.P[0].length);
    const evaluated = evaluatePolicy(table, played, { discount: 0.99 });
    expect(evaluated.startValue).toBeCloseTo(values.startValue, 8);
  }
});

test("policy iteration evaluates on from the policy before: little more than the worst of them takes alone", () => {
  const { table } = cliffWalking();
  const discount = 0.999;
  const stuck = evaluatePolicy(table, deterministicPolicy(new Int32Array(48), 4), { discount });
  expect(policyIteration(table, { discount }).sweeps).toBeLessThan(1.2 * stuck.sweeps);
});
