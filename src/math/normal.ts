import { exp } from "./transcendental.ts";

/** P(Z > x) of a standard normal Z, precise in the far tail too. */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x);
  const density = normalDensity(x);
  return x < 3 ? 0.5 - density * oddSeries(x) : density * millsRatio(x);
}

/** P(Z < x) */
export function normalProbability(x: number): number {
  return normalTail(-x);
}

/** The number below which a standard normal falls with chance `p`, to 1e-12 of it for p from 1e-9 to 1 − 1e-9. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile: p must lie in (0, 1), got ${p}.`);
  if (p < 0.5) return -normalQuantile(1 - p);
  // Newton from 0 on a concave function: from below, without overshooting.
  let x = 0;
  for (let i = 0; i < 100; i++) {
    const step = (p - 0.5) / normalDensity(x) - oddSeries(x);
    x += step;
    if (Math.abs(step) < 1e-14 * (1 + x)) break;
  }
  return x;
}

function normalDensity(x: number): number {
  return exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** x + x³/3 + x⁵/(3·5) + … = (Φ(x) − ½) / φ(x). */
function oddSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; term > 1e-17 * sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}

/** 1/(x + 1/(x + 2/(x + 3/(x + …)))) = P(Z > x) / φ(x). */
function millsRatio(x: number): number {
  let rest = x;
  for (let i = 60; i > 0; i--) rest = x + i / rest;
  return 1 / rest;
}
