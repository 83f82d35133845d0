import { constant, one } from "./constant";
import { at, splat, storeUpTo } from "./lanes";
import { exponentialMinusOne, hyperbolicTangent } from "./transcendental";

// Numbered as `activationCodes` in wasm-kernel.ts has them.
export const tanh: i32 = 1;
export const relu: i32 = 2;
const elu: i32 = 3;

/** y ← f(y) */
export function activate(y: usize, n: i32, activation: i32): void {
  if (activation == tanh) activateAll(y, n, tanh);
  else if (activation == relu) activateAll(y, n, relu);
  else if (activation == elu) activateAll(y, n, elu);
}

@inline function activateAll(y: usize, n: i32, activation: i32): void {
  const whole = n & ~7;
  for (let i = 0; i < whole; i += 8) {
    const low = applied(v128.load(at(y, i)), activation);
    const high = applied(v128.load(at(y, i), 16), activation);
    v128.store(at(y, i), low);
    v128.store(at(y, i), high, 16);
  }
  for (let i = whole; i < n; i += 4) storeUpTo(at(y, i), applied(v128.load(at(y, i)), activation), n - i);
}

/** y ← f(y + b) for each of `rows` rows. */
export function biasActivate(y: usize, bias: usize, rows: i32, columns: i32, activation: i32): void {
  for (let row = 0; row < rows; row++) {
    if (activation == tanh) biasActivateRow(y, bias, columns, tanh);
    else if (activation == relu) biasActivateRow(y, bias, columns, relu);
    else if (activation == elu) biasActivateRow(y, bias, columns, elu);
    else biasActivateRow(y, bias, columns, activation);
    y = at(y, columns);
  }
}

@inline function biasActivateRow(y: usize, bias: usize, columns: i32, activation: i32): void {
  const whole = columns & ~7;
  for (let j = 0; j < whole; j += 8) {
    const low = applied(f32x4.add(v128.load(at(y, j)), v128.load(at(bias, j))), activation);
    const high = applied(f32x4.add(v128.load(at(y, j), 16), v128.load(at(bias, j), 16)), activation);
    v128.store(at(y, j), low);
    v128.store(at(y, j), high, 16);
  }
  for (let j = whole; j < columns; j += 4) {
    const z = f32x4.add(v128.load(at(y, j)), v128.load(at(bias, j)));
    storeUpTo(at(y, j), applied(z, activation), columns - j);
  }
}

/** f(z) */
@inline function applied(z: v128, activation: i32): v128 {
  if (activation == tanh) return hyperbolicTangent(z);
  if (activation == relu) return f32x4.pmax(z, splat(0));
  if (activation == elu) return f32x4.add(f32x4.pmax(z, splat(0)), exponentialMinusOne(f32x4.pmin(z, splat(0))));
  return z;
}

/** g ⊙ f′(z), where y = f(z) */
@inline export function timesSlope(g: v128, y: v128, activation: i32): v128 {
  if (activation == tanh) return f32x4.mul(g, f32x4.sub(constant(one), f32x4.mul(y, y)));
  if (activation == relu) return v128.and(g, f32x4.gt(y, splat(0)));
  if (activation == elu) return f32x4.mul(g, f32x4.add(f32x4.pmin(y, splat(0)), constant(one)));
  return g;
}

export function activationBackward(y: usize, dy: usize, n: i32, activation: i32): void {
  for (let i = 0; i < n; i += 4) {
    storeUpTo(at(dy, i), timesSlope(v128.load(at(dy, i)), v128.load(at(y, i)), activation), n - i);
  }
}
