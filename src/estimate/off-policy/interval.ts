import { normalQuantile } from "../../math/normal-quantile.ts";
import type { Random } from "../../math/random.ts";
import { quantile } from "../../math/statistics.ts";
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

/** Whether a sum of rounded numbers may count as within the range. */
export function isWithin(value: number, [least, most]: Range): boolean {
  const slack = most - least < Infinity ? 1e-9 * (most - least) : 0;
  return value >= least - slack && value <= most + slack;
}

/** A longer log is drawn in so many blocks of neighbours: as good but for 2 % of the width, and as fast for any log. */
const maxBlocks = 1024;

/** The percentile bootstrap, of the ratio where the rows have weights. Efron 1979, https://doi.org/10.1214/aos/1176344552. */
export function bootstrapInterval(
  { value, terms, weights }: OffPolicyEstimate,
  {
    random,
    resamples = 1000,
    confidence = 0.95,
  }: { readonly random: Random; readonly resamples?: number; readonly confidence?: number },
): Interval {
  requireConfidence("bootstrapInterval", confidence);
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
  const tail = (1 - confidence) / 2;
  return { mean: value, lower: quantile(values, tail), upper: quantile(values, 1 - tail), confidence };
}

/** mean ± z σ̂ / √n, of the ratio's linear part where the rows have weights. */
export function normalInterval(estimate: OffPolicyEstimate, confidence = 0.95): Interval {
  requireConfidence("normalInterval", confidence);
  const { value, terms, weights } = estimate;
  let squares = 0;
  for (let i = 0; i < terms.length; i++) {
    const error = terms[i] - value * (weights ? weights[i] : 1);
    squares += error * error;
  }
  const deviation = Math.sqrt(squares / (terms.length - 1));
  return around(value, (normalQuantile((1 + confidence) / 2) * deviation) / Math.sqrt(terms.length), confidence);
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
  if (!(least < most)) throw new RangeError(`${who}: range must be [least, most], got [${least}, ${most}].`);
  let sum = 0;
  for (let i = 0; i < terms.length; i++) {
    if (!isWithin(terms[i], range)) {
      throw new RangeError(`${who}: terms must lie in the range [${least}, ${most}], got ${terms[i]} in row ${i}.`);
    }
    sum += terms[i];
  }
  return sum / terms.length;
}

function requireConfidence(who: string, confidence: number): void {
  if (confidence > 0 && confidence < 1) return;
  throw new RangeError(`${who}: confidence must lie in (0, 1), got ${confidence}.`);
}
