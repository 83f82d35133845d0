import type { Box } from "./space.ts";

/** Whether every number of the Box has both its bounds. */
export function isBounded({ low, high }: Box): boolean {
  return low.every(Number.isFinite) && high.every(Number.isFinite);
}

/** From [−1, 1] to the Box, row by row; `out` may be `unit` itself. */
export function stretch({ low, high }: Box, unit: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    const dimension = i % low.length;
    const value = low[dimension] + 0.5 * (unit[i] + 1) * (high[dimension] - low[dimension]);
    out[i] = Math.min(Math.max(value, low[dimension]), high[dimension]);
  }
}
