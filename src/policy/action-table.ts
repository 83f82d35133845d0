import { argMax } from "../math/arg-max.ts";
import type { Random } from "../math/random.ts";

/** Q: what each action is worth in each state. */
export interface ActionTable {
  readonly states: number;
  readonly actions: number;
  /** Q(s, a), [states, actions] */
  readonly values: Float32Array;
  /** How often each value was learned, [states, actions]; empty where nobody asks. */
  readonly visits: Int32Array;
  /** 1 where an action is allowed, as the state was last seen, [states, actions] */
  readonly allowed: Uint8Array;
}

/** Q(s, a) */
export function actionValue({ actions, values }: ActionTable, state: number, action: number): number {
  return values[state * actions + action];
}

/** max Q(s, ·) over what is allowed. */
export function largestValue({ actions, values, allowed }: ActionTable, state: number): number {
  return values[argMax(values, allowed, state * actions, (state + 1) * actions)];
}

/** argmax Q(s, ·) over what is allowed; chance breaks ties. */
export function bestAction(table: ActionTable, state: number, random: Random): number {
  const { actions, values, allowed } = table;
  const start = state * actions;
  const largest = largestValue(table, state);
  let [best, ties] = [0, 0];
  for (let action = 0; action < actions; action++) {
    if (allowed[start + action] === 0 || values[start + action] !== largest) continue;
    ties += 1;
    if (ties === 1 || random.integer(ties) === 0) best = action;
  }
  return best;
}

/** Mean of Q(s, ·) over what is allowed. */
export function meanValue({ actions, values, allowed }: ActionTable, state: number): number {
  const start = state * actions;
  let [sum, count] = [0, 0];
  for (let i = start; i < start + actions; i++) {
    sum += allowed[i] * values[i];
    count += allowed[i];
  }
  return sum / count;
}
