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
    // Twice is enough: the second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) for (const other of rows) subtractProjection(row, other);
    const norm = Math.sqrt(dot(row, row));
    rows.push(row.map((value) => value / norm));
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
