import { type ActionValueFunction, actionCount, type EvaluationBatch, type Regress } from "./fitted-q-evaluation.ts";

/** A table: the mean target of each state and action, states being counted from 0. What was never seen is worth 0. */
export function tabularRegression(batch: EvaluationBatch, states: number): Regress {
  const who = "tabularRegression";
  const actionsInAll = actionCount(who, batch);
  const { size, observations, nextObservations, actions } = batch;
  for (const column of [observations, nextObservations]) {
    for (let i = 0; i < column.length; i++) {
      if (Number.isInteger(column[i]) && column[i] >= 0 && column[i] < states && column.length === size) continue;
      throw new RangeError(`${who}: a step has one observation, from 0 to ${states - 1}, got ${column[i]}.`);
    }
  }
  const counts = new Float64Array(states * actionsInAll);
  for (let i = 0; i < size; i++) counts[observations[i] * actionsInAll + actions[i]]++;

  return (targets) => {
    const table = new Float64Array(counts.length);
    for (let i = 0; i < size; i++) table[observations[i] * actionsInAll + actions[i]] += targets[i];
    for (let k = 0; k < table.length; k++) table[k] = counts[k] > 0 ? table[k] / counts[k] : 0;
    return (rows, count, out) => {
      for (let i = 0; i < count; i++) {
        for (let action = 0; action < actionsInAll; action++) {
          out[i * actionsInAll + action] = table[rows[i] * actionsInAll + action];
        }
      }
    };
  };
}

/** Ridge regression on the observation and a 1, for each action by itself: θ = (ΦᵀΦ + penalty I)⁻¹ Φᵀy. */
export function ridgeRegression(batch: EvaluationBatch, penalty = 1e-6): Regress {
  const who = "ridgeRegression";
  const actionsInAll = actionCount(who, batch);
  if (!(penalty > 0)) throw new RangeError(`${who}: penalty must be a positive number, got ${penalty}.`);
  const { size, observations, actions } = batch;
  const inputs = observations.length / size;
  const width = inputs + 1;
  const feature = (rows: ArrayLike<number>, i: number, j: number) => (j < inputs ? rows[i * inputs + j] : 1);

  const grams = Array.from({ length: actionsInAll }, () => new Float64Array(width * width));
  for (const gram of grams) for (let j = 0; j < width; j++) gram[j * width + j] = penalty;
  for (let i = 0; i < size; i++) {
    const gram = grams[actions[i]];
    for (let j = 0; j < width; j++) {
      const factor = feature(observations, i, j);
      for (let k = 0; k <= j; k++) gram[j * width + k] += factor * feature(observations, i, k);
    }
  }
  for (const gram of grams) factorize(gram, width);

  return (targets) => {
    const theta = new Float64Array(actionsInAll * width);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < width; j++) theta[actions[i] * width + j] += feature(observations, i, j) * targets[i];
    }
    grams.forEach((gram, action) => void solve(gram, width, theta.subarray(action * width, (action + 1) * width)));
    return linear(theta, inputs);
  };
}

/** Q(s, a) = θₐ · (s, 1) */
function linear(theta: Float64Array, inputs: number): ActionValueFunction {
  const width = inputs + 1;
  const actions = theta.length / width;
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) {
      for (let action = 0; action < actions; action++) {
        let sum = theta[action * width + inputs];
        for (let j = 0; j < inputs; j++) sum += theta[action * width + j] * rows[i * inputs + j];
        out[i * actions + action] = sum;
      }
    }
  };
}

/** Cholesky's L of L Lᵀ = A, in place of the lower half of A. */
function factorize(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = a[j * n + k];
      for (let m = 0; m < k; m++) sum -= a[j * n + m] * a[k * n + m];
      a[j * n + k] = j === k ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / a[k * n + k];
    }
  }
}

/** x of L Lᵀ x = b, in place of b. */
function solve(l: Float64Array, n: number, x: Float64Array): void {
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) x[j] -= l[j * n + k] * x[k];
    x[j] /= l[j * n + j];
  }
  for (let j = n - 1; j >= 0; j--) {
    for (let k = j + 1; k < n; k++) x[j] -= l[k * n + j] * x[k];
    x[j] /= l[j * n + j];
  }
}
