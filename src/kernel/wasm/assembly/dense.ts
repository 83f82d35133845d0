import { activate, activationBackward, relu, tanh, timesSlope } from "./activation";
import { rowDots } from "./dot";
import { at, storeUpTo } from "./lanes";
import { product, productPanel, rowProduct } from "./product";
import { deepest, highest, panel, results, zeros } from "./scratch";
import { columnSums } from "./vector";

/** As many batch rows as stay in the first-level cache while dW is built. */
const batchChunk: i32 = 128;

export function denseForward(
  x: usize, weights: usize, bias: usize, y: usize, batch: i32, inputs: i32, outputs: i32, activation: i32,
): void {
  const xRow = <usize>inputs << 2;
  const yRow = <usize>outputs << 2;
  if (outputs <= 2 && inputs <= deepest) {
    for (let j = 0; j < outputs; j++) {
      const column = outputs == 1 ? weights : copyColumn(at(weights, j), yRow, inputs);
      rowDots(x, xRow, column, at(y, j), yRow, load<f32>(at(bias, j)), batch, inputs);
    }
  } else {
    product(x, xRow, 4, weights, yRow, y, yRow, bias, 0, batch, outputs, inputs, deepest);
  }
  activate(y, batch * outputs, activation);
}

/** Copies a column to `panel`, where it is contiguous. */
function copyColumn(from: usize, step: usize, n: i32): usize {
  for (let i = 0; i < n; i++) {
    store<f32>(at(panel, i), load<f32>(from));
    from += step;
  }
  return panel;
}

export function denseBackwardWeights(
  x: usize, dz: usize, dWeights: usize, dBias: usize, batch: i32, inputs: i32, outputs: i32,
): void {
  const xRow = <usize>inputs << 2;
  const zRow = <usize>outputs << 2;
  columnSums(dz, dBias, batch, outputs);
  if (outputs <= 3) {
    // Few columns: take a column of dz for the row, inputs for the columns, and scatter what comes out.
    for (let i = 0; i < inputs; i += 32) {
      const width = min(32, inputs - i);
      for (let j = 0; j < outputs; j++) {
        rowProduct(at(dz, j), zRow, at(x, i), xRow, results, zeros, width, batch);
        for (let k = 0; k < width; k++) store<f32>(at(dWeights, (i + k) * outputs + j), load<f32>(at(results, k)));
      }
    }
  } else {
    weightRows(0, inputs, x, dz, dWeights, batch, inputs, outputs);
  }
}

/** `rows` rows of dW from row `first` on, for more than three outputs. */
export function weightRows(
  first: i32, rows: i32, x: usize, dz: usize, dWeights: usize, batch: i32, inputs: i32, outputs: i32,
): void {
  const zRow = <usize>outputs << 2;
  const to = at(dWeights, first * outputs);
  product(at(x, first), 4, <usize>inputs << 2, dz, zRow, to, zRow, zeros, 0, rows, outputs, batch, batchChunk);
}

export function denseBackwardInput(
  dz: usize, weights: usize, x: usize, dx: usize,
  batch: i32, inputs: i32, outputs: i32, activation: i32, accumulate: bool,
): void {
  const xRow = <usize>inputs << 2;
  const zRow = <usize>outputs << 2;
  const tiled = batch & ~3;
  if (tiled > 0) {
    for (let i = 0; i < inputs; i += 8) {
      const width = min(8, inputs - i);
      for (let row = 0; row < tiled; row += highest) {
        const height = min(highest, tiled - row);
        for (let k = 0; k < outputs; k += deepest) {
          const reach = min(deepest, outputs - k);
          if (row == 0 || outputs > deepest) transposeRows(at(weights, i * outputs + k), zRow, width, reach);
          productPanel(
            at(dz, row * outputs + k), zRow, 4, zRow << 2, panel, 32,
            results, 32, k == 0 ? zeros : results, k == 0 ? 0 : 32, height, 8, reach,
          );
        }
        const first = row * inputs + i;
        finish(results, 32, at(x, first), at(dx, first), xRow, height, width, activation, accumulate);
      }
    }
  }
  for (let row = tiled; row < batch; row++) {
    for (let i = 0; i < inputs; i += highest) {
      const width = min(highest, inputs - i);
      rowDots(at(weights, i * outputs), zRow, at(dz, row * outputs), results, 4, 0, width, outputs);
      const first = row * inputs + i;
      finish(results, 0, at(x, first), at(dx, first), xRow, 1, width, activation, accumulate);
    }
  }
}

/** dx = g ⊙ f′(x), or that added to it, for `rows` rows of `columns`. */
function finish(
  g: usize, gRow: usize, x: usize, dx: usize, xRow: usize,
  rows: i32, columns: i32, activation: i32, accumulate: bool,
): void {
  if (activation == tanh) finishRows(g, gRow, x, dx, xRow, rows, columns, tanh, accumulate);
  else if (activation == relu) finishRows(g, gRow, x, dx, xRow, rows, columns, relu, accumulate);
  else finishRows(g, gRow, x, dx, xRow, rows, columns, activation, accumulate);
}

/** Inlined for the usual activations, so that the loop need not ask which it is. */
@inline function finishRows(
  g: usize, gRow: usize, x: usize, dx: usize, xRow: usize,
  rows: i32, columns: i32, activation: i32, accumulate: bool,
): void {
  if (columns == 8 && !accumulate) {
    for (let row = 0; row < rows; row++) {
      v128.store(dx, timesSlope(v128.load(g), v128.load(x), activation));
      v128.store(dx, timesSlope(v128.load(g, 16), v128.load(x, 16), activation), 16);
      g += gRow;
      x += xRow;
      dx += xRow;
    }
    return;
  }
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j += 4) {
      let d = timesSlope(v128.load(at(g, j)), v128.load(at(x, j)), activation);
      if (accumulate) d = f32x4.add(v128.load(at(dx, j)), d);
      storeUpTo(at(dx, j), d, columns - j);
    }
    g += gRow;
    x += xRow;
    dx += xRow;
  }
}

/** Writes up to eight rows to `panel` as columns, [reach, 8]; columns without a row hold whatever was there. */
function transposeRows(from: usize, rowBytes: usize, rows: i32, reach: i32): void {
  for (let row = 0; row < rows; row += 4) {
    const r0 = from + <usize>row * rowBytes;
    const r1 = row + 1 < rows ? r0 + rowBytes : r0;
    const r2 = row + 2 < rows ? r1 + rowBytes : r0;
    const r3 = row + 3 < rows ? r2 + rowBytes : r0;
    for (let k = 0; k < reach; k += 4) {
      const v0 = v128.load(at(r0, k));
      const v1 = v128.load(at(r1, k));
      const v2 = v128.load(at(r2, k));
      const v3 = v128.load(at(r3, k));
      const low01 = i32x4.shuffle(v0, v1, 0, 4, 1, 5);
      const high01 = i32x4.shuffle(v0, v1, 2, 6, 3, 7);
      const low23 = i32x4.shuffle(v2, v3, 0, 4, 1, 5);
      const high23 = i32x4.shuffle(v2, v3, 2, 6, 3, 7);
      const to = at(panel, (k << 3) + row);
      v128.store(to, i32x4.shuffle(low01, low23, 0, 1, 4, 5));
      v128.store(to, i32x4.shuffle(low01, low23, 2, 3, 6, 7), 32);
      v128.store(to, i32x4.shuffle(high01, high23, 0, 1, 4, 5), 64);
      v128.store(to, i32x4.shuffle(high01, high23, 2, 3, 6, 7), 96);
    }
  }
}

export function denseJvp(
  x: usize, xDot: usize, weights: usize, weightsDot: usize, biasDot: usize, y: usize, yDot: usize,
  batch: i32, inputs: i32, outputs: i32, activation: i32,
): void {
  const xRow = <usize>inputs << 2;
  const yRow = <usize>outputs << 2;
  product(x, xRow, 4, weightsDot, yRow, yDot, yRow, biasDot, 0, batch, outputs, inputs, deepest);
  if (xDot) product(xDot, xRow, 4, weights, yRow, yDot, yRow, yDot, yRow, batch, outputs, inputs, deepest);
  activationBackward(y, yDot, batch * outputs, activation);
}
