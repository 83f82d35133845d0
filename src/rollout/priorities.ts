import type { Random } from "../math/random.ts";
import type { RestorableArrays } from "../math/snapshot.ts";
import { exp, log } from "../math/transcendental.ts";
import { createSumTree } from "./sum-tree.ts";

/**
 * Prioritized experience replay, the proportional variant. Schaul et al. 2016, https://arxiv.org/abs/1511.05952, §3.3 and 3.4.
 *
 *   pᵢ = |δᵢ| + ε,   P(i) = pᵢ^α / Σ pₖ^α,   wᵢ = (N P(i))^−β / max w
 */
export interface Priorities extends RestorableArrays {
  /** pᵢ^α, [capacity]; 0 where there is nothing to draw. A replay keeps it with its rows, and puts it back before `load`. */
  readonly column: Float64Array;
  /** A new transition is as likely as the likeliest so far. */
  add(row: number): void;
  remove(row: number): void;
  /** Writes rows, one from each of `count` equal parts of the sum, and importance weights. */
  draw(count: number, random: Random, rows: Int32Array, weights: Float32Array): void;
  /** Takes the errors δ of rows that were drawn. */
  update(rows: Int32Array, errors: Float32Array, count: number): void;
}

export interface PriorityOptions {
  /** α: 0 draws evenly, 1 in proportion to |δ|. */
  readonly exponent: number;
  /** β now: 0 leaves the bias of the draws, 1 takes it off. */
  importance(): number;
}

/** ε: what a transition without an error keeps. */
const leastPriority = 1e-6;

export function createPriorities(capacity: number, { exponent, importance }: PriorityOptions): Priorities {
  const tree = createSumTree(capacity);
  const largest = Float64Array.of(1);

  function draw(count: number, random: Random, rows: Int32Array, weights: Float32Array): void {
    let smallest = Infinity;
    for (let i = 0; i < count; i++) {
      rows[i] = tree.find(((i + random.uniform()) / count) * tree.total);
      smallest = Math.min(smallest, tree.leaves[rows[i]]);
    }
    // N and Σ pₖ^α are the same in every weight: only the ratio to the smallest P(i), which has the largest weight, is left.
    const beta = importance();
    for (let i = 0; i < count; i++) weights[i] = exp(beta * log(smallest / tree.leaves[rows[i]]));
  }

  function update(rows: Int32Array, errors: Float32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const priority = exp(exponent * log(Math.abs(errors[i]) + leastPriority));
      if (!(priority < Infinity)) throw new RangeError(`priorities: an error must be finite, got ${errors[i]}.`);
      if (tree.leaves[rows[i]] === 0) continue; // overwritten since it was drawn
      tree.set(rows[i], priority);
      largest[0] = Math.max(largest[0], priority);
    }
  }

  return {
    column: tree.leaves,
    add: (row) => tree.set(row, largest[0]),
    remove: (row) => tree.set(row, 0),
    draw,
    update,
    save: () => ({ "priorities.largest": largest.slice() }),
    load(arrays) {
      if (arrays["priorities.largest"]?.length !== 1) {
        throw new RangeError("priorities: cannot resume: the snapshot was taken of a replay without priorities.");
      }
      largest.set(arrays["priorities.largest"]);
      tree.rebuild();
    },
  };
}
