import type { Random } from "../math/random.ts";
import { actionByChance } from "../policy/action-by-chance.ts";
import type { Choose } from "./off-policy.ts";

/** With probability ε an action of n by chance, otherwise that of `greedy`, which is asked only where it is needed. */
export function epsilonGreedy(n: number, epsilon: () => number, random: Random, greedy: Choose): Choose {
  let drawn = new Float32Array(0);
  return (observations, masks, actions) => {
    const rows = actions.length;
    if (drawn.length < rows) drawn = new Float32Array(rows);
    const chance = epsilon();
    let isGreedNeeded = false;
    for (let row = 0; row < rows; row++) {
      const explores = random.uniform() < chance;
      drawn[row] = explores ? actionByChance(n, masks, row, random) : -1;
      isGreedNeeded ||= !explores;
    }
    if (isGreedNeeded) greedy(observations, masks, actions);
    for (let row = 0; row < rows; row++) {
      if (drawn[row] >= 0) actions[row] = drawn[row];
    }
  };
}

/** ε after a share of the run: on a line from `explorationInitial` to `explorationFinal`, there from `explorationFraction` on. */
export function explorationAt(
  progress: number,
  { explorationInitial, explorationFinal, explorationFraction }: ExplorationConfig,
): number {
  if (progress >= explorationFraction) return explorationFinal;
  return explorationInitial + (explorationFinal - explorationInitial) * (progress / explorationFraction);
}

interface ExplorationConfig {
  readonly explorationInitial: number;
  readonly explorationFinal: number;
  readonly explorationFraction: number;
}
