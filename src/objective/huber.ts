/** Where the square ends and the line begins. */
const delta = 1;

/** [n] each. */
interface Regression {
  readonly predictions: Float32Array;
  readonly targets: Float32Array;
  /** What each row counts for. */
  readonly weights: Float32Array;
}

/**
 * mean w h(y − Q) over the first n rows: ½ δ² within ±1, beyond it a line of slope 1, so that no error pulls harder.
 * Huber 1964, https://doi.org/10.1214/aoms/1177703732.
 *
 * Writes the slope at Q to `dPredictions` and |y − Q| to `distances`.
 */
export function huber(
  { predictions, targets, weights }: Regression,
  n: number,
  dPredictions: Float32Array,
  distances: Float32Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const error = predictions[i] - targets[i];
    const distance = Math.abs(error);
    sum += weights[i] * (distance <= delta ? 0.5 * error * error : delta * (distance - 0.5 * delta));
    dPredictions[i] = (weights[i] * Math.min(Math.max(error, -delta), delta)) / n;
    distances[i] = distance;
  }
  return sum / n;
}
