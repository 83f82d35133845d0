import { exp } from "./transcendental.ts";

/** P(Z > x) of a standard normal Z, precise in the far tail too. */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x);
  const density = normalDensity(x);
  return x < 3 ? 0.5 - density * oddSeries(x) : density * millsRatio(x);
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
