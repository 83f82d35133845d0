/** Memory that the kernels work in; arrays start above it. All of it must be zero at first. */

/** 128 bytes that stay 0. */
export const zeros: usize = memory.data(128, 64);
/** How far along a sum one panel reaches. */
export const deepest: i32 = 256;
/** How many rows one panel of results has. */
export const highest: i32 = 256;
/** How many rows of a left-hand matrix are copied at once. */
export const widest: i32 = 256;

const panelBytes: i32 = 8192;
const resultBytes: i32 = 8192;
const leftBytes: i32 = 262144;
/** What one thread writes to while it multiplies. */
export const scratchBytes: i32 = panelBytes + resultBytes + leftBytes;

/** Eight columns of a right-hand matrix, [deepest, 8]. */
export let panel: usize = memory.data(scratchBytes, 64);
/** Eight columns of a product, [highest, 8]. */
export let results: usize = panel + panelBytes;
/** Tiles of a left-hand matrix, [widest / 4, deepest, 4]. */
export let left: usize = results + resultBytes;

/** Multiplies in other scratch from now on: each thread over one memory needs its own. */
export function useScratch(at: usize): void {
  panel = at;
  results = at + panelBytes;
  left = results + resultBytes;
}

/** Where the first array may start. */
export const scratchEnd: usize = __heap_base;
