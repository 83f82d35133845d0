import { type FlatTable, flatTable, type TransitionTable } from "../env/transition-table.ts";
import { actionValues, expectValues, maximizeValues, startValue } from "./bellman.ts";
import { deterministicPolicy, greedyChoices, type StationaryPolicy } from "./stationary-policy.ts";

/** What a task is worth, and to whom. */
export interface Solution {
  /** V(s), [states] */
  readonly values: Float64Array;
  /** Q(s, a), [states, actions] */
  readonly actionValues: Float64Array;
  /** The best action in each state; of equals the first, [states] */
  readonly choices: Int32Array;
  /** V over the states that an episode begins in. */
  readonly startValue: number;
  /** Until nothing changed. */
  readonly sweeps: number;
}

export interface HorizonSolution {
  /** V(s) with t steps left, [horizon + 1, states]; 0 where none is left. */
  readonly values: Float64Array;
  /** The best action with t + 1 steps left, [horizon, states]. */
  readonly choices: Int32Array;
  readonly startValue: number;
}

export interface SolveOptions {
  /** γ; 1 only for tasks that end whatever is done. */
  readonly discount: number;
  /** Sweeps go on until no value changes by more. */
  readonly tolerance?: number;
  /** Sweeps before the values count as never settling. */
  readonly maxSweeps?: number;
}

/**
 * Bellman 1957: V(s) ← maxₐ Σ p (r + γ V(s′)), sweep after sweep. Sutton & Barto 2018, section 4.4.
 * With `epsilon`, the best of the policies that take an action by chance that often: what SARSA comes to under ε-greedy.
 */
export function valueIteration(
  table: TransitionTable,
  { epsilon = 0, ...options }: SolveOptions & { readonly epsilon?: number },
): Solution {
  const flat = checked("valueIteration", table, options.discount);
  if (!(epsilon >= 0 && epsilon <= 1)) {
    throw new RangeError(`valueIteration: epsilon must lie in [0, 1], got ${epsilon}.`);
  }
  const values = new Float64Array(flat.states);
  const q = new Float64Array(flat.states * flat.actions);
  const sweeps = settle("valueIteration", options, () => {
    actionValues(flat, values, options.discount, q);
    return maximizeValues(q, flat.actions, epsilon, values);
  });
  actionValues(flat, values, options.discount, q);
  const choices = greedyChoices(q, flat.actions);
  return { values, actionValues: q, choices, startValue: startValue(flat, values), sweeps };
}

/** Howard 1960: evaluate a policy, act greedily on it, until it stays. Sutton & Barto 2018, section 4.3. */
export function policyIteration(table: TransitionTable, options: SolveOptions): Solution {
  const flat = checked("policyIteration", table, options.discount);
  const { states, actions } = flat;
  let choices = new Int32Array(states);
  const values = new Float64Array(states);
  let sweeps = 0;
  for (;;) {
    // Goes on from the values of the policy before: most stay as they are.
    const solution = evaluate("policyIteration", flat, deterministicPolicy(choices, actions), options, values);
    sweeps += solution.sweeps;
    const better = improved(choices, solution.actionValues, actions);
    if (better.every((choice, state) => choice === choices[state])) return { ...solution, choices, sweeps };
    choices = better;
  }
}

/** Changes a choice only for a better one: among equals the policy would never settle. */
function improved(choices: Int32Array, q: Float64Array, actions: number): Int32Array<ArrayBuffer> {
  const best = greedyChoices(q, actions);
  return Int32Array.from(choices, (choice, state) => {
    const gain = q[state * actions + best[state]] - q[state * actions + choice];
    return gain > 1e-9 ? best[state] : choice;
  });
}

/** V and Q of a policy that does not change with time; `choices` are greedy on its Q. Sutton & Barto 2018, section 4.1. */
export function evaluatePolicy(table: TransitionTable, policy: StationaryPolicy, options: SolveOptions): Solution {
  const flat = checked("evaluatePolicy", table, options.discount);
  requireFit("evaluatePolicy", policy, flat);
  return evaluate("evaluatePolicy", flat, policy, options, new Float64Array(flat.states));
}

/** Takes `values` to those of the policy, from wherever they are. */
function evaluate(
  who: string,
  flat: FlatTable,
  policy: StationaryPolicy,
  options: SolveOptions,
  values: Float64Array,
): Solution {
  const q = new Float64Array(flat.states * flat.actions);
  const sweeps = settle(who, options, () => {
    actionValues(flat, values, options.discount, q);
    return expectValues(policy.chances, q, flat.actions, values);
  });
  actionValues(flat, values, options.discount, q);
  const choices = greedyChoices(q, flat.actions);
  return { values, actionValues: q, choices, startValue: startValue(flat, values), sweeps };
}

/** The best that can be done in `horizon` steps, by going back from the last one. What follows it is worth nothing. */
export function backwardInduction(table: TransitionTable, horizon: number, discount = 1): HorizonSolution {
  const flat = checked("backwardInduction", table, discount);
  requireHorizon("backwardInduction", horizon);
  const { states, actions } = flat;
  const values = new Float64Array((horizon + 1) * states);
  const choices = new Int32Array(horizon * states);
  const q = new Float64Array(states * actions);
  for (let left = 1; left <= horizon; left++) {
    const now = values.subarray(left * states, (left + 1) * states);
    actionValues(flat, values.subarray((left - 1) * states, left * states), discount, q);
    maximizeValues(q, actions, 0, now);
    choices.set(greedyChoices(q, actions), (left - 1) * states);
  }
  return { values, choices, startValue: startValue(flat, values.subarray(horizon * states)) };
}

/** The mean return of a policy's episodes, cut after `horizon` steps if they have not ended. */
export function expectedReturn(
  table: TransitionTable,
  policy: StationaryPolicy,
  horizon: number,
  discount = 1,
): number {
  const flat = checked("expectedReturn", table, discount);
  requireFit("expectedReturn", policy, flat);
  requireHorizon("expectedReturn", horizon);
  const values = new Float64Array(flat.states);
  const q = new Float64Array(flat.states * flat.actions);
  for (let left = 1; left <= horizon; left++) {
    actionValues(flat, values, discount, q);
    expectValues(policy.chances, q, flat.actions, values);
  }
  return startValue(flat, values);
}

function settle(
  who: string,
  { discount, tolerance = 1e-12, maxSweeps = 100_000 }: SolveOptions,
  sweep: () => number,
): number {
  let change = Infinity;
  for (let sweeps = 1; sweeps <= maxSweeps; sweeps++) {
    change = sweep();
    if (change <= tolerance) return sweeps;
    if (!Number.isFinite(change)) break;
  }
  const advice =
    discount === 1
      ? "some episodes never end. Take a discount below 1, or backwardInduction."
      : `after ${maxSweeps} sweeps some still change by ${change}. Take more maxSweeps, a larger tolerance or a smaller discount.`;
  throw new RangeError(`${who}: the values do not settle at discount ${discount}: ${advice}`);
}

function checked(who: string, table: TransitionTable, discount: number) {
  if (!(discount >= 0 && discount <= 1)) throw new RangeError(`${who}: discount must lie in [0, 1], got ${discount}.`);
  return flatTable(who, table);
}

function requireHorizon(who: string, horizon: number): void {
  if (Number.isSafeInteger(horizon) && horizon >= 0) return;
  throw new RangeError(`${who}: horizon must be an integer of at least 0, got ${horizon}.`);
}

function requireFit(
  who: string,
  policy: StationaryPolicy,
  { states, actions }: { states: number; actions: number },
): void {
  if (policy.states === states && policy.actions === actions && policy.chances.length === states * actions) return;
  throw new RangeError(
    `${who}: the policy must have ${states} states and ${actions} actions like the table, got ${policy.states} and ${policy.actions}.`,
  );
}
