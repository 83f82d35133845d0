/** An estimate, with an interval that covers the truth in 95 of 100 repetitions. */
export interface Estimate {
  readonly mean: number;
  readonly ci95: readonly [low: number, high: number];
}

/** From many independent numbers, by the normal distribution. */
export function estimate(x: ArrayLike<number>): Estimate {
  return around(x, 1.96);
}

/** From a few independent numbers, by Student's distribution; of one, nothing is known but itself. */
export function estimateOfFew(x: ArrayLike<number>): Estimate {
  if (x.length === 1) return { mean: x[0], ci95: [-Infinity, Infinity] };
  return around(x, student[Math.min(x.length - 1, student.length) - 1]);
}

/** 97.5 % points of Student's t for 1, 2, … degrees of freedom; from 9 on, the last. */
const student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Of what a few training seeds learned, each judged on episodes of its own: both kinds of chance are in it. Of a single seed, the episodes' alone. */
export function estimateOverSeeds(results: readonly Estimate[]): Estimate {
  if (results.length === 1) return results[0];
  return estimateOfFew(results.map(({ mean }) => mean));
}

/** How much more `a` is than `b`, of a few pairs that met the same chance. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Estimate {
  return estimateOfFew(a.map((value, i) => value - b[i]));
}

/** Of one and the same thing, measured several times on equally many numbers. */
export function pooled(parts: readonly Estimate[]): Estimate {
  let [mean, squares] = [0, 0];
  for (const part of parts) {
    mean += part.mean / parts.length;
    squares += (part.ci95[1] - part.mean) * (part.ci95[1] - part.mean);
  }
  const halfWidth = Math.sqrt(squares) / parts.length;
  return { mean, ci95: [mean - halfWidth, mean + halfWidth] };
}

function around(x: ArrayLike<number>, quantile: number): Estimate {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  const mean = sum / x.length;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] - mean) * (x[i] - mean);
  const halfWidth = quantile * Math.sqrt(squares / (x.length - 1) / x.length);
  return { mean, ci95: [mean - halfWidth, mean + halfWidth] };
}
