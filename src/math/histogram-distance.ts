import { chiSquareThreshold } from "./chi-square.ts";
import { log } from "./transcendental.ts";

/**
 * Population stability index of two histograms over the same bins: Σ (p − q) log(p / q), Jeffreys' divergence. A count is added
 * to every bin that either has seen, so that an empty one does not make it infinite.
 */
export function populationStability(reference: readonly number[], window: readonly number[]): number {
  let [n, m] = [0, 0];
  for (let bin = 0; bin < reference.length; bin++) {
    if (reference[bin] + window[bin] === 0) continue;
    n += reference[bin] + 1;
    m += window[bin] + 1;
  }
  let sum = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    if (reference[bin] + window[bin] === 0) continue;
    const q = (reference[bin] + 1) / n;
    const p = (window[bin] + 1) / m;
    sum += (p - q) * log(p / q);
  }
  return sum;
}

/** What the index of two samples of one distribution exceeds with chance `alarmRate`: (1/n + 1/m) χ² of bins − 1. Yurdakul 2018. */
export function stabilityThreshold(bins: number, n: number, m: number, alarmRate: number): number {
  return (1 / n + 1 / m) * chiSquareThreshold(Math.max(1, bins - 1), alarmRate);
}

/** Kolmogorov and Smirnov's distance of two histograms over the same ordered bins: the largest gap between their running shares. */
export function kolmogorovSmirnov(reference: readonly number[], window: readonly number[]): number {
  const [n, m] = [total(reference), total(window)];
  let gap = 0;
  let largest = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    gap += window[bin] / m - reference[bin] / n;
    largest = Math.max(largest, Math.abs(gap));
  }
  return largest;
}

/** What that distance exceeds with chance at most `alarmRate`: √(½ log(2 / alarmRate) (1/n + 1/m)). Smirnov 1939. */
export function smirnovThreshold(n: number, m: number, alarmRate: number): number {
  return Math.sqrt(0.5 * log(2 / alarmRate) * (1 / n + 1 / m));
}

function total(counts: readonly number[]): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
