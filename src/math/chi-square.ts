import { normalTail } from "./normal.ts";
import { exp } from "./transcendental.ts";

/**
 * P(χ² > x) for a whole number of degrees of freedom, from the two that are known:
 *
 *   Q₁(x) = 2 (1 − Φ(√x)),   Q₂(x) = exp(−x/2),   Qₖ₊₂(x) = Qₖ(x) + (x/2)^(k/2) exp(−x/2) / Γ(k/2 + 1)
 */
export function chiSquareTail(x: number, degrees: number): number {
  const odd = degrees % 2 === 1;
  let tail = odd ? 2 * normalTail(Math.sqrt(x)) : exp(-x / 2);
  // Γ(3/2) = √π / 2, Γ(2) = 1
  let term = exp(-x / 2) * (odd ? 2 * Math.sqrt(x / (2 * Math.PI)) : x / 2);
  for (let k = odd ? 1 : 2; k < degrees; k += 2) {
    tail += term;
    term *= x / (k + 2);
  }
  return tail;
}

/** What a χ² exceeds with chance `tail`, by bisection. */
export function chiSquareThreshold(degrees: number, tail: number): number {
  if (!(tail > 0 && tail < 1)) throw new RangeError(`chiSquareThreshold: tail must lie in (0, 1), got ${tail}.`);
  let [low, high] = [0, 1];
  while (chiSquareTail(high, degrees) > tail) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return high;
}
