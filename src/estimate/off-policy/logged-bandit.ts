/** A log of single decisions, and what another policy would have done there: a row each. */
export interface LoggedBandit {
  /** r, [size] */
  readonly rewards: ArrayLike<number>;
  /** π_b(a|s): the chance with which the logged action was taken, [size] */
  readonly propensities: ArrayLike<number>;
  /** π_e(a|s): the chance that the evaluated policy gives to that same action, [size] */
  readonly probabilities: ArrayLike<number>;
  /** What a model expects, learned from other data than these. */
  readonly model?: RewardModel;
  /** Both policies in full, where they are known: only they show what π_e does that π_b never did. */
  readonly distributions?: ActionDistributions;
}

export interface RewardModel {
  /** q̂(s, a) of the logged action, [size] */
  readonly actionValues: ArrayLike<number>;
  /** Σₐ π_e(a|s) q̂(s, a), [size] */
  readonly values: ArrayLike<number>;
}

export interface ActionDistributions {
  readonly actions: number;
  /** π_b(·|s), [size, actions] */
  readonly propensities: ArrayLike<number>;
  /** π_e(·|s), [size, actions] */
  readonly probabilities: ArrayLike<number>;
}

/** w = π_e(a|s) / π_b(a|s) of each row. */
export function importanceWeights({
  probabilities,
  propensities,
}: Pick<LoggedBandit, "probabilities" | "propensities">): Float64Array {
  const weights = new Float64Array(propensities.length);
  for (let i = 0; i < weights.length; i++) weights[i] = probabilities[i] / propensities[i];
  return weights;
}

/** Refuses columns that do not belong together. */
export function requireColumns(
  who: string,
  size: number,
  unit: "a row" | "a step" | "an episode",
  columns: Readonly<Record<string, ArrayLike<number>>>,
): void {
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== size) {
      throw new RangeError(`${who}: ${name} must hold ${size} numbers, one ${unit}, got ${column.length}.`);
    }
  }
}

/** Refuses a log without rows, or of columns that do not belong together. */
export function requireLog(who: string, { rewards, model, distributions, ...chances }: LoggedBandit): void {
  const size = rewards.length;
  if (size < 2) throw new RangeError(`${who}: the log must hold at least 2 rows, got ${size}.`);
  requireColumns(who, size, "a row", { propensities: chances.propensities, probabilities: chances.probabilities });
  if (model)
    requireColumns(who, size, "a row", { "model.actionValues": model.actionValues, "model.values": model.values });
  if (distributions) requireDistributions(who, size, "a row", distributions);
}

/** Refuses distributions that lack a chance for some action in some row. */
export function requireDistributions(
  who: string,
  size: number,
  unit: "a row" | "a step",
  { actions, propensities, probabilities }: ActionDistributions,
): void {
  for (const [name, { length }] of Object.entries({ propensities, probabilities })) {
    if (length === size * actions) continue;
    throw new RangeError(
      `${who}: distributions.${name} must hold ${size} × ${actions} numbers, one for each action ${unit}, got ${length}.`,
    );
  }
}
