import type { Random } from "./random.ts";

export function mean(x: readonly number[] | Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value;
  return sum / x.length;
}

/** With n − 1, hence NaN for fewer than two. */
export function standardDeviation(x: readonly number[]): number {
  const center = mean(x);
  let squares = 0;
  for (const value of x) squares += (value - center) * (value - center);
  return Math.sqrt(squares / (x.length - 1));
}

/** Mean of the middle half: ⌊n/4⌋ numbers are cut from each end. The robust middle of Agarwal et al. 2021. */
export function interquartileMean(x: readonly number[]): number {
  const cut = Math.floor(x.length / 4);
  return mean(sorted(x).slice(cut, x.length - cut));
}

/** The number below which the share `q` lies, interpolated linearly between neighbours. */
export function quantile(x: readonly number[], q: number): number {
  const order = sorted(x);
  const place = q * (order.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, order.length - 1);
  return order[below] + (place - below) * (order[above] - order[below]);
}

/** The 95 % interval of a chance that came true `count` times of `trials`. Wilson 1927. */
export function wilsonInterval(count: number, trials: number): [low: number, high: number] {
  const z = 1.959963984540054; // Φ⁻¹(.975)
  const share = count / trials;
  const center = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const spread = (share * (1 - share)) / trials + (z * z) / (4 * trials * trials);
  const half = (z * Math.sqrt(spread)) / (1 + (z * z) / trials);
  return [Math.max(0, center - half), Math.min(1, center + half)];
}

export interface BootstrapOptions {
  readonly random: Random;
  readonly resamples?: number;
  /** Share of the resamples that the interval covers. */
  readonly confidence?: number;
}

/**
 * Percentile interval of `statistic` under the stratified bootstrap: runs are drawn anew within each task.
 * Agarwal et al. 2021, https://arxiv.org/abs/2108.13264, section 4. `scores` has one row per task; a statistic sees all flat.
 */
export function stratifiedBootstrap(
  scores: readonly (readonly number[])[],
  statistic: (x: readonly number[]) => number,
  { random, resamples = 2000, confidence = 0.95 }: BootstrapOptions,
): [low: number, high: number] {
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    values.push(statistic(scores.flatMap((runs) => runs.map(() => runs[random.integer(runs.length)]))));
  }
  return [quantile(values, (1 - confidence) / 2), quantile(values, (1 + confidence) / 2)];
}

function sorted(x: readonly number[]): number[] {
  return [...x].sort((a, b) => a - b);
}
