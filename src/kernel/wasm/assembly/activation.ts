import { constant, one } from "./constant";
import { at, splat, storeUpTo } from "./lanes";
import { exponentialMinusOne, hyperbolicTangent } from "./transcendental";

// Numbered as `activationCodes` in wasm-kernel.ts has them.
export const tanh: i32 = 1;
export const relu: i32 = 2;
const elu: i32 = 3;

/** y ← f(y) */
export function activate(y: usize, n: i32, activation: i32): void {
  if (activation == tanh) {
    const end = at(y, n & ~7);
    for (; y < end; y += 32) {
      const low = hyperbolicTangent(v128.load(y));
      const high = hyperbolicTangent(v128.load(y, 16));
      v128.store(y, low);
      v128.store(y, high, 16);
    }
    n &= 7;
    for (let i = 0; i < n; i += 4) storeUpTo(at(y, i), hyperbolicTangent(v128.load(at(y, i))), n - i);
  } else if (activation == relu) {
    for (let i = 0; i < n; i += 4) storeUpTo(at(y, i), f32x4.pmax(v128.load(at(y, i)), splat(0)), n - i);
  } else if (activation == elu) {
    for (let i = 0; i < n; i += 4) {
      const z = v128.load(at(y, i));
      const below = exponentialMinusOne(f32x4.pmin(z, splat(0)));
      storeUpTo(at(y, i), f32x4.add(f32x4.pmax(z, splat(0)), below), n - i);
    }
  }
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
