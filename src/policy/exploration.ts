import type { Random } from "../math/random.ts";
import { exp } from "../math/transcendental.ts";
import { actionByChance } from "./action-by-chance.ts";
import { type ActionTable, bestAction, largestValue, meanValue } from "./action-table.ts";

/** How actions are drawn from what they are worth. */
export type ExplorationName = "epsilon-greedy" | "boltzmann";

export const explorationNames: readonly ExplorationName[] = ["epsilon-greedy", "boltzmann"];

/** π, derived from Q; `amount` says how much is left to chance. */
export interface Exploration {
  /** Draws an action from π(·|s). */
  choose(table: ActionTable, state: number, amount: number): number;
  /** Σ π(a|s) Q(s, a) */
  expectation(table: ActionTable, state: number, amount: number): number;
}

export function createExploration(name: ExplorationName, random: Random): Exploration {
  switch (name) {
    case "epsilon-greedy":
      return epsilonGreedy(random);
    case "boltzmann":
      return boltzmann(random);
    default:
      throw new TypeError(`createExploration: unknown exploration ${JSON.stringify(name satisfies never)}.`);
  }
}

/** With probability ε any action, else the best. */
function epsilonGreedy(random: Random): Exploration {
  return {
    choose(table, state, epsilon) {
      const explores = random.uniform() < epsilon;
      return explores ? actionByChance(table.actions, table.allowed, state, random) : bestAction(table, state, random);
    },
    expectation: (table, state, epsilon) =>
      (1 - epsilon) * largestValue(table, state) + epsilon * meanValue(table, state),
  };
}

/** π(a|s) ∝ exp(Q(s, a) / τ) */
function boltzmann(random: Random): Exploration {
  return {
    choose(table, state, temperature) {
      const { actions, values, allowed } = table;
      const start = state * actions;
      const largest = largestValue(table, state);
      let total = 0;
      for (let i = start; i < start + actions; i++) total += weight(values[i], allowed[i], largest, temperature);
      let rest = random.uniform() * total;
      let last = 0;
      for (let action = 0; action < actions; action++) {
        const share = weight(values[start + action], allowed[start + action], largest, temperature);
        if (share === 0) continue;
        last = action;
        rest -= share;
        if (rest < 0) break;
      }
      return last; // rounding can leave the sum just short of the total
    },
    expectation(table, state, temperature) {
      const { actions, values, allowed } = table;
      const start = state * actions;
      const largest = largestValue(table, state);
      let [sum, total] = [0, 0];
      for (let i = start; i < start + actions; i++) {
        const share = weight(values[i], allowed[i], largest, temperature);
        sum += share * values[i];
        total += share;
      }
      return sum / total;
    },
  };
}

function weight(value: number, allowed: number, largest: number, temperature: number): number {
  return allowed === 0 ? 0 : exp((value - largest) / temperature);
}
