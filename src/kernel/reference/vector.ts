import * as transcendental from "../../math/transcendental.ts";

/** out[j] = Σᵢ x[i, j] */
export function columnSums(x: Float32Array, out: Float32Array, rows: number, columns: number): void {
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += x[i * columns + j];
    out[j] = sum;
  }
}

/** Σ x² */
export function squaredNorm(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return sum;
}

/** y += a x */
export function addScaled(y: Float32Array, a: number, x: Float32Array): void {
  for (let i = 0; i < y.length; i++) y[i] += a * x[i];
}

/** x *= a */
export function scale(x: Float32Array, a: number): void {
  for (let i = 0; i < x.length; i++) x[i] *= a;
}

/** target += τ (source − target) */
export function polyak(target: Float32Array, source: Float32Array, tau: number): void {
  for (let i = 0; i < target.length; i++) target[i] += tau * (source[i] - target[i]);
}

/** out[i] = source[indices[i]], row by row */
export function gatherRows(
  source: Float32Array,
  indices: Int32Array,
  out: Float32Array,
  count: number,
  size: number,
): void {
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < size; j++) out[i * size + j] = source[indices[i] * size + j];
  }
}

/** x ← (x − mean) / (standard deviation + 1e-8) */
export function standardize(x: Float32Array): void {
  let mean = 0;
  for (let i = 0; i < x.length; i++) mean += x[i] / x.length;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] - mean) * (x[i] - mean);
  const deviation = Math.sqrt(squares / Math.max(x.length - 1, 1));
  for (let i = 0; i < x.length; i++) x[i] = (x[i] - mean) / (deviation + 1e-8);
}

/** out = clip((x − mean) · inverseDeviation, ±limit), by column */
export function normalizeColumns(
  x: Float32Array,
  mean: Float32Array,
  inverseDeviation: Float32Array,
  limit: number,
  out: Float32Array,
  rows: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const normal = (x[i * columns + j] - mean[j]) * inverseDeviation[j];
      out[i * columns + j] = Math.min(Math.max(normal, -limit), limit);
    }
  }
}

export const exp = elementwise(transcendental.exp);
export const log = elementwise(transcendental.log);
export const tanh = elementwise(transcendental.tanh);
export const sin = elementwise(transcendental.sin);
export const cos = elementwise(transcendental.cos);

function elementwise(f: (x: number) => number): (x: Float32Array, out: Float32Array) => void {
  return (x, out) => {
    for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
  };
}
