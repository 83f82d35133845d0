/** 1 − Var(R − V) / Var(R): 1 for a perfect critic, 0 for a constant one; NaN where all returns agree. */
export function explainedVariance(values: Float32Array, returns: Float32Array, n: number): number {
  let meanReturn = 0;
  let meanError = 0;
  for (let i = 0; i < n; i++) {
    meanReturn += returns[i] / n;
    meanError += (returns[i] - values[i]) / n;
  }
  let returnVariance = 0;
  let errorVariance = 0;
  for (let i = 0; i < n; i++) {
    const fromMean = returns[i] - meanReturn;
    const error = returns[i] - values[i] - meanError;
    returnVariance += fromMean * fromMean;
    errorVariance += error * error;
  }
  return returnVariance === 0 ? Number.NaN : 1 - errorVariance / returnVariance;
}
