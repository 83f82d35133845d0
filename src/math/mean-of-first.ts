/** The mean of the first n numbers. */
export function meanOfFirst(x: Float32Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i];
  return sum / n;
}
