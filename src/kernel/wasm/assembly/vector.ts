import { constant, keep, one } from "./constant";
import { at, splat, storeUpTo } from "./lanes";
import { rowProduct } from "./product";
import { zeros } from "./scratch";

/** A row of ones times x: multiplying by 1 changes nothing. */
export function columnSums(x: usize, out: usize, rows: i32, columns: i32): void {
  rowProduct(one, 0, x, <usize>columns << 2, out, zeros, columns, rows);
}

/** Σ x in double. */
function sum(x: usize, n: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  for (; i <= n - 4; i += 4) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(at(x, i))));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(at(x, i), 8)));
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < n; i++) total += <f64>load<f32>(at(x, i));
  return total;
}

/** Σ (x − centre)² in double. */
function squaresAbout(x: usize, n: i32, centre: f64): f64 {
  const middle = f64x2.splat(centre);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i = 0;
  for (; i <= n - 4; i += 4) {
    const a = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(at(x, i))), middle);
    const b = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(at(x, i), 8)), middle);
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < n; i++) {
    const a = <f64>load<f32>(at(x, i)) - centre;
    total += a * a;
  }
  return total;
}

export function squaredNorm(x: usize, n: i32): f64 {
  return squaresAbout(x, n, 0);
}

export function addScaled(y: usize, a: f32, x: usize, n: i32): void {
  const factor = splat(a);
  for (let i = 0; i < n; i += 4) {
    const moved = f32x4.add(v128.load(at(y, i)), f32x4.mul(factor, v128.load(at(x, i))));
    storeUpTo(at(y, i), moved, n - i);
  }
}

export function scale(x: usize, a: f32, n: i32): void {
  const factor = splat(a);
  for (let i = 0; i < n; i += 4) storeUpTo(at(x, i), f32x4.mul(factor, v128.load(at(x, i))), n - i);
}

export function polyak(target: usize, source: usize, tau: f32, n: i32): void {
  const share = splat(tau);
  for (let i = 0; i < n; i += 4) {
    const old = v128.load(at(target, i));
    const step = f32x4.mul(share, f32x4.sub(v128.load(at(source, i)), old));
    storeUpTo(at(target, i), f32x4.add(old, step), n - i);
  }
}

export function gatherRows(source: usize, indices: usize, out: usize, count: i32, size: i32): void {
  if (size == 1) {
    for (let i = 0; i < count; i++) store<f32>(at(out, i), load<f32>(at(source, load<i32>(at(indices, i)))));
    return;
  }
  for (let i = 0; i < count; i++) {
    const from = at(source, load<i32>(at(indices, i)) * size);
    const to = at(out, i * size);
    for (let j = 0; j < size; j += 4) storeUpTo(at(to, j), v128.load(at(from, j)), size - j);
  }
}

export function standardize(x: usize, n: i32): void {
  const mean = sum(x, n) / <f64>n;
  const deviation = Math.sqrt(squaresAbout(x, n, mean) / <f64>max(n - 1, 1));
  const centre = keep(0, <f32>mean);
  const rest = keep(1, <f32>(mean - <f64>(<f32>mean))); // what single precision loses of the mean
  const inverse = keep(2, <f32>(1 / (deviation + 1e-8)));
  for (let i = 0; i < n; i += 4) {
    const distance = f32x4.sub(f32x4.sub(v128.load(at(x, i)), constant(centre)), constant(rest));
    storeUpTo(at(x, i), f32x4.mul(distance, constant(inverse)), n - i);
  }
}

export function normalizeColumns(
  x: usize, mean: usize, inverseDeviation: usize, limit: f32, out: usize, rows: i32, columns: i32,
): void {
  const low = splat(-limit);
  const high = splat(limit);
  for (let row = 0; row < rows; row++) {
    const from = at(x, row * columns);
    const to = at(out, row * columns);
    for (let j = 0; j < columns; j += 4) {
      const distance = f32x4.sub(v128.load(at(from, j)), v128.load(at(mean, j)));
      const normal = f32x4.mul(distance, v128.load(at(inverseDeviation, j)));
      storeUpTo(at(to, j), f32x4.pmin(f32x4.pmax(normal, low), high), columns - j);
    }
  }
}
