/**
 * C = C₀ + A B. Each element is summed over k one after the other, in every path: a row's result does not depend on
 * how many rows there are. A's element [row, k] lies at row · aRow + k · aStep, so that A may be a transpose;
 * B's at k · bStep + 4 · column. All strides are in bytes.
 */
import { at, splat, storeUpTo } from "./lanes";
import { left, panel, widest, zeros } from "./scratch";

/** From this stride on, a column walk would evict itself from the first-level cache: copy it to scratch first. */
const farApart: usize = 512;

/** C [rows, columns]. C₀ is `zeros`, or its rows lie `startRow` apart: 0 adds one row, a bias, to all. `chunk` ≤ `deepest` rows of B at once. */
export function product(
  a: usize, aRow: usize, aStep: usize, b: usize, bStep: usize,
  c: usize, cRow: usize, start: usize, startRow: usize,
  rows: i32, columns: i32, depth: i32, chunk: i32,
): void {
  const tiled = rows & ~3;
  const copyA = tiled > 0 && aStep >= farApart && columns >= 32;
  const copyB = bStep >= farApart && tiled >= 16;
  const block = copyA ? widest : tiled;

  for (let row = 0; row < tiled; row += block) {
    const height = min(block, tiled - row);
    const cBlock = c + <usize>row * cRow;
    let k = 0;
    do {
      const reach = min(chunk, depth - k);
      const aBlock = a + <usize>row * aRow + <usize>k * aStep;
      const from = k == 0 ? start + <usize>row * startRow : cBlock;
      const fromRow = k == 0 ? startRow : cRow;
      if (copyA) copyTiles(aBlock, aStep, height, reach);
      for (let j = 0; j < columns; j += 8) {
        const width = columns - j;
        const bPanel = at(b + <usize>k * bStep, j);
        if (copyB) copyPanel(bPanel, bStep, reach);
        productPanel(
          copyA ? left : aBlock, copyA ? 4 : aRow, copyA ? 16 : aStep, copyA ? <usize>reach << 4 : aRow << 2,
          copyB ? panel : bPanel, copyB ? 32 : bStep,
          at(cBlock, j), cRow, startAt(from, j), fromRow, height, width, reach,
        );
      }
      k += chunk;
    } while (k < depth);
  }
  for (let row = tiled; row < rows; row++) {
    rowProduct(
      a + <usize>row * aRow, aStep, b, bStep, c + <usize>row * cRow, start + <usize>row * startRow, columns, depth,
    );
  }
}

/** Where C₀ continues at column j; `zeros` is as wide as is asked. */
@inline function startAt(start: usize, j: i32): usize {
  return start == zeros ? zeros : at(start, j);
}

/** Copies k-major columns of A, four by four, to `left`: tile after tile, [reach, 4] each. */
function copyTiles(a: usize, aStep: usize, rows: i32, reach: i32): void {
  const tileBytes = <usize>reach << 4;
  for (let k = 0; k < reach; k++) {
    let to = left + (<usize>k << 4);
    for (let row = 0; row < rows; row += 4) {
      v128.store(to, v128.load(at(a, row)));
      to += tileBytes;
    }
    a += aStep;
  }
}

/** Copies eight columns of B to `panel`, [reach, 8]. */
function copyPanel(b: usize, bStep: usize, reach: i32): void {
  const end = panel + (<usize>reach << 5);
  for (let to = panel; to < end; to += 32) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    b += bStep;
  }
}

/** Up to eight columns of C, four rows at a time: eight accumulators, two vectors of B and four numbers of A per k. */
export function productPanel(
  a: usize, aRow: usize, aStep: usize, aTile: usize, b: usize, bStep: usize,
  c: usize, cRow: usize, start: usize, startRow: usize, rows: i32, width: i32, depth: i32,
): void {
  if (width <= 4) {
    narrowPanel(a, aRow, aStep, aTile, b, bStep, c, cRow, start, startRow, rows, width, depth);
    return;
  }
  for (let row = 0; row < rows; row += 4) {
    const start1 = start + startRow;
    const start2 = start1 + startRow;
    const start3 = start2 + startRow;
    let c00 = v128.load(start);
    let c01 = v128.load(start, 16);
    let c10 = v128.load(start1);
    let c11 = v128.load(start1, 16);
    let c20 = v128.load(start2);
    let c21 = v128.load(start2, 16);
    let c30 = v128.load(start3);
    let c31 = v128.load(start3, 16);
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let bk = b;
    for (let k = 0; k < depth; k++) {
      const b0 = v128.load(bk);
      const b1 = v128.load(bk, 16);
      const s0 = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(s0, b0));
      c01 = f32x4.add(c01, f32x4.mul(s0, b1));
      const s1 = v128.load32_splat(a1);
      c10 = f32x4.add(c10, f32x4.mul(s1, b0));
      c11 = f32x4.add(c11, f32x4.mul(s1, b1));
      const s2 = v128.load32_splat(a2);
      c20 = f32x4.add(c20, f32x4.mul(s2, b0));
      c21 = f32x4.add(c21, f32x4.mul(s2, b1));
      const s3 = v128.load32_splat(a3);
      c30 = f32x4.add(c30, f32x4.mul(s3, b0));
      c31 = f32x4.add(c31, f32x4.mul(s3, b1));
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      bk += bStep;
    }
    const c1 = c + cRow;
    const c2 = c1 + cRow;
    const c3 = c2 + cRow;
    v128.store(c, c00);
    v128.store(c1, c10);
    v128.store(c2, c20);
    v128.store(c3, c30);
    storeUpTo(c + 16, c01, width - 4);
    storeUpTo(c1 + 16, c11, width - 4);
    storeUpTo(c2 + 16, c21, width - 4);
    storeUpTo(c3 + 16, c31, width - 4);
    a += aTile;
    c += cRow << 2;
    start += startRow << 2;
  }
}

/** The same for up to four columns. */
function narrowPanel(
  a: usize, aRow: usize, aStep: usize, aTile: usize, b: usize, bStep: usize,
  c: usize, cRow: usize, start: usize, startRow: usize, rows: i32, width: i32, depth: i32,
): void {
  for (let row = 0; row < rows; row += 4) {
    let c0 = v128.load(start);
    let c1 = v128.load(start + startRow);
    let c2 = v128.load(start + startRow * 2);
    let c3 = v128.load(start + startRow * 3);
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let bk = b;
    for (let k = 0; k < depth; k++) {
      const b0 = v128.load(bk);
      c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a0), b0));
      c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(a1), b0));
      c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(a2), b0));
      c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(a3), b0));
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
      bk += bStep;
    }
    storeUpTo(c, c0, width);
    storeUpTo(c + cRow, c1, width);
    storeUpTo(c + cRow * 2, c2, width);
    storeUpTo(c + cRow * 3, c3, width);
    a += aTile;
    c += cRow << 2;
    start += startRow << 2;
  }
}

/** One row of C, 32 columns at a time: B is streamed once, row by row. */
export function rowProduct(
  a: usize, aStep: usize, b: usize, bStep: usize, c: usize, start: usize, columns: i32, depth: i32,
): void {
  let j = 0;
  for (; j <= columns - 32; j += 32) {
    const from = startAt(start, j);
    let c0 = v128.load(from);
    let c1 = v128.load(from, 16);
    let c2 = v128.load(from, 32);
    let c3 = v128.load(from, 48);
    let c4 = v128.load(from, 64);
    let c5 = v128.load(from, 80);
    let c6 = v128.load(from, 96);
    let c7 = v128.load(from, 112);
    let ak = a;
    let bk = at(b, j);
    for (let k = 0; k < depth; k++) {
      const s = v128.load32_splat(ak);
      c0 = f32x4.add(c0, f32x4.mul(s, v128.load(bk)));
      c1 = f32x4.add(c1, f32x4.mul(s, v128.load(bk, 16)));
      c2 = f32x4.add(c2, f32x4.mul(s, v128.load(bk, 32)));
      c3 = f32x4.add(c3, f32x4.mul(s, v128.load(bk, 48)));
      c4 = f32x4.add(c4, f32x4.mul(s, v128.load(bk, 64)));
      c5 = f32x4.add(c5, f32x4.mul(s, v128.load(bk, 80)));
      c6 = f32x4.add(c6, f32x4.mul(s, v128.load(bk, 96)));
      c7 = f32x4.add(c7, f32x4.mul(s, v128.load(bk, 112)));
      ak += aStep;
      bk += bStep;
    }
    const to = at(c, j);
    v128.store(to, c0);
    v128.store(to, c1, 16);
    v128.store(to, c2, 32);
    v128.store(to, c3, 48);
    v128.store(to, c4, 64);
    v128.store(to, c5, 80);
    v128.store(to, c6, 96);
    v128.store(to, c7, 112);
  }
  for (; j < columns; j += 8) {
    let c0 = v128.load(startAt(start, j));
    let c1 = v128.load(startAt(start, j), 16);
    let ak = a;
    let bk = at(b, j);
    for (let k = 0; k < depth; k++) {
      const s = v128.load32_splat(ak);
      c0 = f32x4.add(c0, f32x4.mul(s, v128.load(bk)));
      c1 = f32x4.add(c1, f32x4.mul(s, v128.load(bk, 16)));
      ak += aStep;
      bk += bStep;
    }
    storeUpTo(at(c, j), c0, columns - j);
    storeUpTo(at(c, j + 4), c1, columns - j - 4);
  }
}
