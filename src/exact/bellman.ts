import type { FlatTable } from "../env/transition-table.ts";

/** Q(s, a) = Σ p (r + γ V(s′)) of every state and action, into `out` [states, actions]. What ends is worth its reward alone. */
export function actionValues(table: FlatTable, values: Float64Array, discount: number, out: Float64Array): void {
  const { rows, probabilities, next, rewards, terminated } = table;
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let i = rows[row]; i < rows[row + 1]; i++) {
      const follows = terminated[i] ? 0 : discount * values[next[i]];
      sum += probabilities[i] * (rewards[i] + follows);
    }
    out[row] = sum;
  }
}

/** Σ p V(s) over the states that an episode may begin in. */
export function startValue({ states, actions, rows, probabilities, next }: FlatTable, values: Float64Array): number {
  const start = states * actions;
  let sum = 0;
  for (let i = rows[start]; i < rows[start + 1]; i++) sum += probabilities[i] * values[next[i]];
  return sum;
}

/** V(s) ← Σ π(a|s) Q(s, a); returns the largest change. */
export function expectValues(chances: Float64Array, q: Float64Array, actions: number, values: Float64Array): number {
  let change = 0;
  for (let state = 0; state < values.length; state++) {
    let sum = 0;
    for (let action = 0; action < actions; action++) {
      const chance = chances[state * actions + action];
      if (chance > 0) sum += chance * q[state * actions + action];
    }
    change = Math.max(change, Math.abs(sum - values[state]));
    values[state] = sum;
  }
  return change;
}

/** V(s) ← (1 − ε) maxₐ Q(s, a) + ε meanₐ Q(s, a); returns the largest change. */
export function maximizeValues(q: Float64Array, actions: number, epsilon: number, values: Float64Array): number {
  let change = 0;
  for (let state = 0; state < values.length; state++) {
    let best = -Infinity;
    let sum = 0;
    for (let action = 0; action < actions; action++) {
      best = Math.max(best, q[state * actions + action]);
      sum += q[state * actions + action];
    }
    const value = epsilon === 0 ? best : (1 - epsilon) * best + (epsilon * sum) / actions;
    change = Math.max(change, Math.abs(value - values[state]));
    values[state] = value;
  }
  return change;
}
