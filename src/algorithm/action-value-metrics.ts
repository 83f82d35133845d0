/** How large the values of a batch are and how far their targets: means over the first n rows of every critic. */
export function actionValueMetrics(
  values: readonly Float32Array[],
  targets: Float32Array,
  n: number,
): { readonly actionValue: number; readonly temporalDifference: number } {
  let sum = 0;
  let distance = 0;
  for (const value of values) {
    for (let i = 0; i < n; i++) {
      sum += value[i];
      distance += Math.abs(targets[i] - value[i]);
    }
  }
  const count = n * values.length;
  return { actionValue: sum / count, temporalDifference: distance / count };
}
