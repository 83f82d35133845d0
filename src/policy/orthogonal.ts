import type { Random } from "../math/random.ts";
import type { Layer } from "./policy.ts";

/**
 * Fills a layer's weights with a random (semi-)orthogonal matrix times `gain`, and its bias with 0.
 * Saxe, McClelland & Ganguli 2014, https://arxiv.org/abs/1312.6120; by Gram–Schmidt on Gaussian vectors.
 */
export function orthogonal({ weights, bias, inputs, outputs }: Layer, gain: number, random: Random): void {
  const count = Math.min(inputs, outputs);
  const size = Math.max(inputs, outputs);
  const rows: Float64Array[] = [];
  while (rows.length < count) {
    const row = Float64Array.from({ length: size }, () => random.normal());
    // A row that shrinks much keeps rounding of what was taken off; a second pass removes it.
    let before = norm(row);
    for (let left = before; ; before = left) {
      for (const other of rows) subtractProjection(row, other);
      left = norm(row);
      if (left > before / 2) break;
    }
    const length = norm(row);
    rows.push(row.map((value) => value / length));
  }
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) weights[i * outputs + o] = gain * (inputs <= outputs ? rows[i][o] : rows[o][i]);
  }
  bias.fill(0);
}

function subtractProjection(row: Float64Array, unit: Float64Array): void {
  const length = dot(row, unit);
  for (let i = 0; i < row.length; i++) row[i] -= length * unit[i];
}

function norm(row: Float64Array): number {
  return Math.sqrt(dot(row, row));
}

/** Four sums side by side, which a processor adds at once. */
function dot(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (let i = whole; i < a.length; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}
