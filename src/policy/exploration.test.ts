import { expect, test } from "vitest";
import { createRandom } from "../math/random.ts";
import { log } from "../math/transcendental.ts";
import type { ActionTable } from "./action-table.ts";
import { createExploration, explorationNames } from "./exploration.ts";

/** A second row, of which each test speaks, between two that must not matter. */
function table(values: readonly number[], allowed: readonly number[] = values.map(() => 1)): ActionTable {
  const others = values.map(() => 1000);
  const ones = values.map(() => 1);
  return {
    states: 3,
    actions: values.length,
    values: Float32Array.from([...others, ...values, ...others]),
    visits: new Int32Array(0),
    allowed: Uint8Array.from([...ones, ...allowed, ...ones]),
  };
}

/** Of 20,000 draws, the share of each action. */
function shares(name: (typeof explorationNames)[number], { actions, ...rest }: ActionTable, amount: number): number[] {
  const { choose } = createExploration(name, createRandom(5));
  const counts = new Array<number>(actions).fill(0);
  for (let i = 0; i < 20_000; i++) counts[choose({ actions, ...rest }, 1, amount)] += 1 / 20_000;
  return counts;
}

function close(shares: readonly number[], wanted: readonly number[]): void {
  shares.forEach((share, i) => void expect(share, `of action ${i}`).toBeCloseTo(wanted[i], 1.5));
}

test("ε-greedy takes any action with probability ε, the best otherwise", () => {
  // The best: 1 − 0.4 + 0.4 / 4 = 0.7; each other: 0.1.
  close(shares("epsilon-greedy", table([1, 3, 2, 0]), 0.4), [0.1, 0.7, 0.1, 0.1]);
});

test("chance breaks ties evenly", () => {
  close(shares("epsilon-greedy", table([3, 1, 3, 3]), 0), [1 / 3, 0, 1 / 3, 1 / 3]);
});

test("Boltzmann's odds are exp of the difference over τ: ln 3 at τ = 1 is three to one, at τ = ½ nine to one", () => {
  close(shares("boltzmann", table([0, log(3)]), 1), [1 / 4, 3 / 4]);
  close(shares("boltzmann", table([0, log(3)]), 0.5), [1 / 10, 9 / 10]);
});

test("what is forbidden is never taken, even where it looks best", () => {
  close(shares("epsilon-greedy", table([1, 9, 2, 2], [1, 0, 1, 0]), 0.5), [0.25, 0, 0.75, 0]);
  close(shares("boltzmann", table([0, 9, log(3)], [1, 0, 1]), 1), [1 / 4, 0, 3 / 4]);
});

test("the expectation is the mean of the values by the chances of their actions", () => {
  const expectation = (name: (typeof explorationNames)[number], ...args: Parameters<typeof table>) =>
    createExploration(name, createRandom(0)).expectation(table(...args), 1, 0.5);
  // ½ · 4 + ½ · (2 + 4) / 2 = 3.5, the third action being forbidden.
  expect(expectation("epsilon-greedy", [2, 4, 100], [1, 1, 0])).toBe(3.5);
  // At τ = ½ the odds are 1 : 9, so (0 + 9 ln 3) / 10.
  expect(expectation("boltzmann", [0, log(3), 100], [1, 1, 0])).toBeCloseTo(0.9 * log(3), 6);
});

test("values as large as float32 holds leave Boltzmann finite", () => {
  expect(explorationNames).toContain("boltzmann");
  close(shares("boltzmann", table([-3e38, 3e38]), 1e-3), [0, 1]);
});
