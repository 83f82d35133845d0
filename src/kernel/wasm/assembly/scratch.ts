/** Static memory that the kernels work in; arrays start above it. All of it must be zero at first. */

/** 128 bytes that stay 0. */
export const zeros: usize = memory.data(128, 64);
/** How far along a sum one panel reaches. */
export const deepest: i32 = 256;
/** Eight columns of a right-hand matrix, [deepest, 8]. */
export const panel: usize = memory.data(8192, 64);
/** How many rows one panel of results has. */
export const highest: i32 = 256;
/** Eight columns of a product, [highest, 8]. */
export const results: usize = memory.data(8192, 64);
/** How many rows of a left-hand matrix are copied at once. */
export const widest: i32 = 256;
/** Tiles of a left-hand matrix, [widest / 4, deepest, 4]. */
export const left: usize = memory.data(262144, 64);

/** Where the first array may start. */
export const scratchEnd: usize = __heap_base;
