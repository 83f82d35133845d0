import { productPanel } from "./product";
import { left, panel, results, zeros } from "./scratch";

/** Of one [16, 64] by [64, 8] product. */
export const tileOperations: i32 = 2 * 16 * 64 * 8;

/** The matrix-product tile alone, on scratch that stays in the first-level cache. */
export function runTile(times: i32): void {
  for (let i = 0; i < times; i++) productPanel(left, 256, 4, 1024, panel, 32, results, 32, zeros, 0, 16, 8, 64);
}
