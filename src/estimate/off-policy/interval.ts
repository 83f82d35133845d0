import { normalProbability } from "../../math/normal.ts";
import type { Random } from "../../math/random.ts";
import { quantile } from "../../math/statistics.ts";
import { studentQuantile } from "../../math/student-quantile.ts";
import { log } from "../../math/transcendental.ts";
import type { OffPolicyEstimate } from "./bandit-estimators.ts";

/** Where a mean lies: above `lower` and below `upper`, each but for a chance of (1 − confidence) / 2. */
export interface Interval {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
}

/** [least, most] that a term can be, known beforehand: not the least and most of those that came. */
export type Range = readonly [least: number, most: number];

/** The least and the most of what came. */
export function seenRange(values: ArrayLike<number>): Range {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  return [least, most];
}

/** Whether a sum of rounded numbers may count as within the range. */
export function isWithin(value: number, [least, most]: Range): boolean {
  const slack = most - least < Infinity ? 1e-9 * (most - least) : 0;
  return value >= least - slack && value <= most + slack;
}

/** A longer log is drawn in so many blocks of neighbours: as good but for 2 % of the width, and as fast for any log. */
const maxBlocks = 1024;

/**
 * The percentile bootstrap (Efron 1979, https://doi.org/10.1214/aos/1176344552), of the ratio where the rows have weights, expanded to
 * reach as far as Student's t does: Hesterberg 2015, https://doi.org/10.1080/00031305.2015.1089789.
 */
export function bootstrapInterval(
  estimate: OffPolicyEstimate,
  {
    random,
    resamples = 1000,
    confidence = 0.95,
  }: { readonly random: Random; readonly resamples?: number; readonly confidence?: number },
): Interval {
  requireConfidence("bootstrapInterval", confidence);
  if (!(Number.isSafeInteger(resamples) && resamples > 0)) {
    throw new RangeError(`bootstrapInterval: resamples must be a positive integer, got ${resamples}.`);
  }
  const { value, terms, weights } = estimate;
  const blocks = Math.min(terms.length, maxBlocks);
  const [sums, counts] = [new Float64Array(blocks), new Float64Array(blocks)];
  for (let block = 0, i = 0; block < blocks; block++) {
    const end = Math.floor(((block + 1) * terms.length) / blocks);
    for (; i < end; i++) {
      sums[block] += terms[i];
      counts[block] += weights ? weights[i] : 1;
    }
  }
  const values = new Array<number>(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < blocks; draw++) {
      const block = random.integer(blocks);
      sum += sums[block];
      count += counts[block];
    }
    values[resample] = count > 0 ? sum / count : value; // no weight drawn at all tells nothing
  }
  const tail = normalProbability(-studentQuantile((1 + confidence) / 2, standardError(estimate).degrees));
  return { mean: value, lower: quantile(values, tail), upper: quantile(values, 1 - tail), confidence };
}

/** mean ± t σ̂ / √n. Student's t has few degrees of freedom where few rows carry the error: there the normal is too sure. */
export function studentInterval(estimate: OffPolicyEstimate, confidence = 0.95): Interval {
  requireConfidence("studentInterval", confidence);
  const { error, degrees } = standardError(estimate);
  return around(estimate.value, studentQuantile((1 + confidence) / 2, degrees) * error, confidence);
}

/** σ̂ / √n, of the linear part of a ratio, and (Σ e²)² / Σ e⁴ of its errors e: the effective number of rows that tell σ̂. */
function standardError({ value, terms, weights }: OffPolicyEstimate): { error: number; degrees: number } {
  const n = terms.length;
  let squares = 0;
  let fourths = 0;
  for (let i = 0; i < n; i++) {
    const error = terms[i] - value * (weights ? weights[i] : 1);
    const square = error * error;
    squares += square;
    fourths += square * square;
  }
  const degrees = fourths > 0 ? Math.max(2, (squares * squares) / fourths) : Infinity;
  return { error: Math.sqrt(squares / (n - 1) / n), degrees };
}

/**
 * The empirical Bernstein bound, valid for any size of the log:
 *   √(2 V ln(2/δ) / n) + 7 R ln(2/δ) / (3 (n − 1))   on each side
 * Maurer & Pontil 2009, https://arxiv.org/abs/0907.3740, theorem 4, with δ = (1 − confidence) / 2 and terms scaled by their range R.
 */
export function bernsteinInterval(terms: Float64Array, range: Range, confidence = 0.95): Interval {
  const mean = meanWithin("bernsteinInterval", terms, range, confidence);
  const n = terms.length;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (terms[i] - mean) * (terms[i] - mean);
  const variance = squares / (n - 1);
  const logChance = log(4 / (1 - confidence));
  const width = range[1] - range[0];
  const reach = Math.sqrt((2 * variance * logChance) / n) + (7 * width * logChance) / (3 * (n - 1));
  return around(mean, reach, confidence);
}

/** R √(ln(1/δ) / 2n) on each side, δ = (1 − confidence) / 2. Hoeffding 1963, https://doi.org/10.1080/01621459.1963.10500830. */
export function hoeffdingInterval(terms: Float64Array, range: Range, confidence = 0.95): Interval {
  const mean = meanWithin("hoeffdingInterval", terms, range, confidence);
  const width = range[1] - range[0];
  return around(mean, width * Math.sqrt(log(2 / (1 - confidence)) / (2 * terms.length)), confidence);
}

function around(mean: number, reach: number, confidence: number): Interval {
  return { mean, lower: mean - reach, upper: mean + reach, confidence };
}

/** A bound for terms in a range does not hold for terms outside it. */
function meanWithin(who: string, terms: Float64Array, range: Range, confidence: number): number {
  requireConfidence(who, confidence);
  const [least, most] = range;
  requireRange(who, "range", range);
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += terms[i];
  if (Number.isNaN(sum) || !seenRange(terms).every((term) => isWithin(term, range))) {
    const row = terms.findIndex((term) => !isWithin(term, range));
    throw new RangeError(`${who}: terms must lie in the range [${least}, ${most}], got ${terms[row]} in row ${row}.`);
  }
  return sum / terms.length;
}

/** Refuses a range without width. */
export function requireRange(who: string, name: string, [least, most]: Range): void {
  if (least < most) return;
  throw new RangeError(`${who}: ${name} must be [least, most], the first below the second, got [${least}, ${most}].`);
}

function requireConfidence(who: string, confidence: number): void {
  if (confidence > 0 && confidence < 1) return;
  throw new RangeError(`${who}: confidence must lie in (0, 1), got ${confidence}.`);
}
