import { productPanel } from "./product";
import { left, panel, results, zeros } from "./scratch";

/** The matrix-product tile alone, on scratch that stays in the first-level cache: [16, 64] times [64, 8], `times` times. */
export function peak(times: i32): void {
  for (let i = 0; i < times; i++) productPanel(left, 256, 4, 1024, panel, 32, results, 32, zeros, 0, 16, 8, 64);
}
