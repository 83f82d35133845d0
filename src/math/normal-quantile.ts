import { exp } from "./transcendental.ts";

/** The number below which a standard normal falls with chance `p`, to 1e-12 of it for p from 1e-9 to 1 − 1e-9. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile: p must lie in (0, 1), got ${p}.`);
  if (p < 0.5) return -normalQuantile(1 - p);
  // Newton from 0 on a concave function: from below, without overshooting.
  let x = 0;
  for (let i = 0; i < 100; i++) {
    const step = (p - 0.5) / density(x) - massRatio(x);
    x += step;
    if (Math.abs(step) < 1e-14 * (1 + x)) break;
  }
  return x;
}

/** The chance that a standard normal falls below `x`; 0 or 1 where |x| is above 8. */
export function normalProbability(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  return x < 0 ? 1 - normalProbability(-x) : 0.5 + density(x) * massRatio(x);
}

function density(x: number): number {
  return exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** (Φ(x) − ½) / φ(x) = x + x³/3 + x⁵/(3·5) + … */
function massRatio(x: number): number {
  let sum = x;
  let term = x;
  for (let odd = 3; term > 1e-17 * sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}
