import { type RewardModel, requireColumns } from "./logged-bandit.ts";
import { requireDiscount } from "./logged-episodes.ts";

/** Steps that were taken by whatever policy, and what the evaluated one would do next. */
export interface EvaluationBatch {
  readonly size: number;
  /** s, [size, observationSize] */
  readonly observations: ArrayLike<number>;
  /** a, counted from 0, [size] */
  readonly actions: ArrayLike<number>;
  /** r, [size] */
  readonly rewards: ArrayLike<number>;
  /** s′, the true successor, even where the episode was cut, [size, observationSize] */
  readonly nextObservations: ArrayLike<number>;
  /** 1 where the task ended at s′, which is worth nothing then; not where the episode was merely cut, [size] */
  readonly terminated: ArrayLike<number>;
  /** π_e(·|s′), [size, actions] */
  readonly nextProbabilities: ArrayLike<number>;
}

/** Q(s, ·) of `count` observations, into `out` [count, actions]. */
export type ActionValueFunction = (observations: ArrayLike<number>, count: number, out: Float64Array) => void;

/** Learns Q from a target for each row's (s, a), [size]. */
export type Regress = (targets: Float64Array) => ActionValueFunction;

export interface FittedQEvaluationOptions {
  /** γ */
  readonly discount: number;
  /** Most regressions; k of them see k steps ahead. */
  readonly iterations?: number;
  /** Regressions go on until no V̂(s′) changes by more. */
  readonly tolerance?: number;
}

export interface FittedQEvaluation {
  /** Q of the evaluated policy. */
  readonly actionValues: ActionValueFunction;
  /** Regressions that were made. */
  readonly iterations: number;
  /** By how much the last of them changed V̂(s′) at most. */
  readonly change: number;
}

/**
 * FQE: Q ← regression of r + γ Σₐ π_e(a|s′) Q(s′, a) on (s, a), again and again from Q = 0.
 * Le, Voloshin & Yue 2019, https://arxiv.org/abs/1903.08738, algorithm 3.
 */
export function fittedQEvaluation(
  batch: EvaluationBatch,
  regress: Regress,
  { discount, iterations = 1000, tolerance = 1e-9 }: FittedQEvaluationOptions,
): FittedQEvaluation {
  const who = "fittedQEvaluation";
  const actions = actionCount(who, batch);
  requireDiscount(who, discount);
  if (!(Number.isSafeInteger(iterations) && iterations > 0)) {
    throw new RangeError(`${who}: iterations must be a positive integer, got ${iterations}.`);
  }
  const { size, rewards, terminated, nextObservations, nextProbabilities } = batch;
  const next = new Float64Array(size * actions);
  const nextValues = new Float64Array(size);
  const targets = new Float64Array(size);
  for (let iteration = 1; ; iteration++) {
    for (let i = 0; i < size; i++) targets[i] = rewards[i] + (terminated[i] ? 0 : discount * nextValues[i]);
    const actionValues = regress(targets);
    actionValues(nextObservations, size, next);
    const change = expectInto(next, nextProbabilities, actions, nextValues);
    if (!(change < Infinity)) {
      throw new RangeError(
        `${who}: the values must stay finite, but do not in regression ${iteration}: take a smaller discount, a larger penalty, or other features.`,
      );
    }
    if (change <= tolerance || iteration === iterations) return { actionValues, iterations: iteration, change };
  }
}

/** The model that Q makes of logged rows: what DR corrects. `probabilities` are π_e(·|s), [size, actions]. */
export function rewardModel(
  actionValues: ActionValueFunction,
  observations: ArrayLike<number>,
  taken: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): RewardModel {
  const size = taken.length;
  const actions = probabilities.length / size;
  const q = new Float64Array(probabilities.length);
  actionValues(observations, size, q);
  const values = new Float64Array(size);
  expectInto(q, probabilities, actions, values);
  return { actionValues: Float64Array.from(taken, (action, i) => q[i * actions + action]), values };
}

/** V(s) ← Σₐ π(a|s) Q(s, a) of each row; returns the largest change. What π never does has no say, whatever its Q. */
function expectInto(q: Float64Array, probabilities: ArrayLike<number>, actions: number, values: Float64Array): number {
  let change = 0;
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let k = i * actions; k < (i + 1) * actions; k++) if (probabilities[k] > 0) sum += probabilities[k] * q[k];
    const changed = Math.abs(sum - values[i]);
    if (!(changed <= change)) change = changed; // NaN stays
    values[i] = sum;
  }
  return change;
}

/** The number of actions of a batch, whose columns must belong together. */
export function actionCount(who: string, batch: EvaluationBatch): number {
  const { size, observations, nextObservations, actions, rewards, terminated, nextProbabilities } = batch;
  if (!(Number.isSafeInteger(size) && size > 0)) {
    throw new RangeError(`${who}: the batch must hold a step, got a size of ${size}.`);
  }
  requireColumns(who, size, "a step", { actions, rewards, terminated });
  const count = nextProbabilities.length / size;
  if (!(Number.isInteger(count) && count > 0)) {
    throw new RangeError(
      `${who}: nextProbabilities must hold a chance for each action and step, got ${nextProbabilities.length} for ${size} steps.`,
    );
  }
  if (
    observations.length === 0 ||
    observations.length % size !== 0 ||
    observations.length !== nextObservations.length
  ) {
    throw new RangeError(
      `${who}: observations and nextObservations must hold as many numbers, the same for each of ${size} steps, got ${observations.length} and ${nextObservations.length}.`,
    );
  }
  for (let i = 0; i < size; i++) {
    if (Number.isInteger(actions[i]) && actions[i] >= 0 && actions[i] < count) continue;
    throw new RangeError(`${who}: actions must be integers from 0 to ${count - 1}, got ${actions[i]} in step ${i}.`);
  }
  return count;
}
