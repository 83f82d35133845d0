/** Bytes at the foot of memory that belong to the kernels; the first array may start at `scratchEnd`. */

/** 128 bytes that stay 0. */
export const zeros: usize = 64;
/** A panel of eight columns and up to `deepest` rows. */
export const panel: usize = 1024;
/** How far along a sum one panel reaches. */
export const deepest: i32 = 256;
/** Results or intermediate numbers of one panel: up to `highest` rows of eight. */
export const results: usize = panel + <usize>deepest * 32;
export const highest: i32 = 256;
/** Left-hand panels: `deepest` × `widest` numbers. */
export const left: usize = results + <usize>highest * 32;
export const widest: i32 = 256;
export const scratchEnd: usize = left + <usize>deepest * <usize>widest * 4;
