/** mean (V − R)² over the first n samples; writes its slope 2 (V − R) / n to `dValues`. */
export function squaredError(values: Float32Array, returns: Float32Array, n: number, dValues: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const error = values[i] - returns[i];
    sum += error * error;
    dValues[i] = (2 * error) / n;
  }
  return sum / n;
}

/**
 * The squared error of a value that may move only ε from what it was: mean (V_old + clip(V − V_old, ±ε) − R)².
 *
 * Stable-Baselines3's form: beyond ε there is no slope. (OpenAI's baselines take the larger of this and the plain error.)
 */
export function clippedValueError(
  values: Float32Array,
  oldValues: Float32Array,
  returns: Float32Array,
  n: number,
  epsilon: number,
  dValues: Float32Array,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const change = values[i] - oldValues[i];
    const bounded = Math.min(Math.max(change, -epsilon), epsilon);
    const error = oldValues[i] + bounded - returns[i];
    sum += error * error;
    dValues[i] = change === bounded ? (2 * error) / n : 0;
  }
  return sum / n;
}
