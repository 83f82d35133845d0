import type { GoalJudgement, GoalLayout } from "../env/goal-env.ts";
import type { Random } from "../math/random.ts";
import { type Replay, rowKind } from "./replay.ts";
import type { Transitions } from "./transitions.ts";

/** Whence another goal is taken: what the episode reached at its end, or anywhere after the transition. */
export type HindsightStrategy = "final" | "future";

export interface HindsightOptions {
  readonly strategy: HindsightStrategy;
  /** k: replays with another goal for each with the goal of the day. */
  readonly goals: number;
  readonly discount: number;
}

/**
 * Hindsight experience replay. Andrychowicz et al. 2017, https://arxiv.org/abs/1707.01495, Algorithm 1.
 *
 * What was reached takes the place of what was wanted, in k of k + 1 transitions that are drawn; rewards and ends are judged
 * again. Transitions must span one step.
 */
export function createHindsight(
  { columns, ringLength }: Pick<Replay, "columns" | "ringLength">,
  { achieved, desired, size }: GoalLayout,
  { computeReward, computeTerminated }: GoalJudgement,
  { strategy, goals, discount }: HindsightOptions,
): (batch: Transitions, random: Random) => void {
  const { observations, kinds } = columns;
  const observationSize = observations.length / kinds.length;
  const share = goals / (goals + 1);
  const reached = new Float32Array(size);
  const wanted = new Float32Array(size);

  /** The row whose achieved goal will have been wanted; −1 where there is none yet. */
  function goalRow(row: number, random: Random): number {
    const first = row - (row % ringLength);
    let last = row;
    let steps = 0;
    while (kinds[last] === rowKind.step) {
      last = last + 1 < first + ringLength ? last + 1 : first;
      steps++;
    }
    // An episode that goes on has no final goal; what it has reached so far is as good a future as any.
    const isOver = kinds[last] !== rowKind.none;
    if (strategy === "final" && !isOver) return -1;
    const successors = steps + Number(isOver);
    const ahead = strategy === "final" ? successors : 1 + random.integer(successors);
    return first + ((row - first + ahead) % ringLength);
  }

  return function relabel(batch, random) {
    for (let i = 0; i < batch.size; i++) {
      if (random.uniform() >= share) continue;
      const row = goalRow(batch.rows[i], random);
      if (row < 0) continue;
      const at = i * observationSize;
      for (let j = 0; j < size; j++) {
        wanted[j] = observations[row * observationSize + achieved + j];
        reached[j] = batch.nextObservations[at + achieved + j];
        batch.observations[at + desired + j] = wanted[j];
        batch.nextObservations[at + desired + j] = wanted[j];
      }
      const reward = computeReward(reached, wanted);
      if (!Number.isFinite(reward)) {
        throw new RangeError(`hindsight: computeReward must return a finite number, got ${reward}.`);
      }
      batch.rewards[i] = reward;
      if (computeTerminated) batch.discounts[i] = computeTerminated(reached, wanted) ? 0 : discount;
    }
  };
}
