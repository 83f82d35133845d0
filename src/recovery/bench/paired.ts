import { mean, standardDeviation } from "../../math/statistics.ts";

/** A mean with Student's 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low95: number;
  readonly high95: number;
}

/** Student's t that 2.5 % exceed, for 1, 2, … degrees of freedom. */
const students = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** Of at least two numbers. */
export function interval(values: readonly number[]): Interval {
  const freedom = values.length - 1;
  const t = students[freedom - 1] ?? 1.96 + 2.4 / freedom + 3 / (freedom * freedom);
  const half = (t * standardDeviation(values)) / Math.sqrt(values.length);
  const center = mean(values);
  return { mean: center, low95: center - half, high95: center + half };
}

/** How much more `a` is than `b`, of pairs that met the same chance. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Interval {
  return interval(a.map((value, i) => value - b[i]));
}
