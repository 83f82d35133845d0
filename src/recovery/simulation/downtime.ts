import type { Random } from "../../math/random.ts";
import { exp, log } from "../../math/transcendental.ts";

/** How long a failed node stays down, in minutes. */
export interface Downtime {
  sample(random: Random): number;
  /** E min(X, t): what waiting until t costs on average; of Infinity, the mean. */
  meanUpTo(minutes: number): number;
  /** P(X > t) */
  survival(minutes: number): number;
}

/** Los Alamos's downtimes, 1995–2005, as a lognormal: μ and σ of their logarithms, LA-UR-05-7318. */
export const lanlFit = { mu: 4.154, sigma: 1.402 };

export function lognormalDowntime({ mu, sigma }: { readonly mu: number; readonly sigma: number }): Downtime {
  const mean = exp(mu + (sigma * sigma) / 2);
  const standardized = (minutes: number) => (log(minutes) - mu) / sigma;
  return {
    sample: (random) => exp(mu + sigma * random.normal()),
    meanUpTo(minutes) {
      if (minutes <= 0) return 0;
      if (minutes === Infinity) return mean;
      const z = standardized(minutes);
      return mean * normalBelow(z - sigma) + minutes * (1 - normalBelow(z));
    },
    survival: (minutes) => (minutes <= 0 ? 1 : minutes === Infinity ? 0 : 1 - normalBelow(standardized(minutes))),
  };
}

/** Downtimes as a log has them: each of `minutes`, ascending, as often as `counts` says. */
export function empiricalDowntime(minutes: readonly number[], counts: readonly number[]): Downtime {
  /** How many are no longer than the ith, and what they come to. */
  const [number, sum] = [new Float64Array(minutes.length), new Float64Array(minutes.length)];
  for (let i = 0; i < minutes.length; i++) {
    number[i] = counts[i] + (i > 0 ? number[i - 1] : 0);
    sum[i] = counts[i] * minutes[i] + (i > 0 ? sum[i - 1] : 0);
  }
  const all = number[minutes.length - 1];
  /** The first place at which `isAt` holds, of places at which it holds from then on. */
  function firstPlace(isAt: (place: number) => boolean): number {
    let [low, high] = [0, minutes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAt(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  const longer = (limit: number) => firstPlace((place) => minutes[place] > limit);
  const survival = (limit: number) => 1 - (longer(limit) > 0 ? number[longer(limit) - 1] : 0) / all;
  return {
    sample(random) {
      const rank = random.integer(all);
      return minutes[firstPlace((place) => number[place] > rank)];
    },
    meanUpTo(limit) {
      const place = longer(limit);
      const below = place > 0 ? sum[place - 1] / all : 0;
      return place === minutes.length ? below : below + limit * survival(limit);
    },
    survival,
  };
}

/** The normal distribution function. Marsaglia 2004, https://doi.org/10.18637/jss.v011.i04: Φ = ½ + φ (z + z³/3 + z⁵/(3·5) + …). */
export function normalBelow(z: number): number {
  if (z > 8) return 1;
  if (z < -8) return 0;
  let [sum, term] = [0, z];
  for (let k = 3; sum + term !== sum; k += 2) {
    sum += term;
    term *= (z * z) / k;
  }
  return 0.5 + (sum * exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
