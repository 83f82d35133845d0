import { constant, half, one, two } from "./constant";
import { at, splat, storeUpTo } from "./lanes";
import { cubic, quartic, quintic, sextic } from "./polynomial";

/** Added to a float below 2²² in size and taken away again, rounds it to whole; in between, the low bits hold the count. */
const rounder = memory.data<f32>([12582912]);

/** 1/2!, 1/3! … 1/7! */
const factorials = memory.data<f32>([1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040]);

/** e^r − 1 for |r| ≤ ½ log 2, by Taylor's series to r⁷. */
@inline function exponentialTail(r: v128): v128 {
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), quintic(factorials, r)));
}

/** Outside of these e^x is 0 or ∞. */
const expBounds = memory.data<f32>([-110, 95]);

/** 1 / log 2, then log 2 in two parts, the first so short that a whole multiple of it is exact. */
const log2Parts = memory.data<f32>([1.4426950408889634, 0.693359375, -2.12194440054690583e-4]);

/** x = k log 2 + r: the nearest whole k, plus `rounder`. */
@inline function roundedExponent(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(log2Parts)), constant(rounder));
}

/** r */
@inline function remainder(x: v128, rounded: v128): v128 {
  const k = f32x4.sub(rounded, constant(rounder));
  const high = f32x4.sub(x, f32x4.mul(k, constant(log2Parts + 4)));
  return f32x4.sub(high, f32x4.mul(k, constant(log2Parts + 8)));
}

/** 2^k for k from −126 to 127, where only the last nine bits of k's words count. */
@inline function powerOfTwo(k: v128): v128 {
  return i32x4.add(i32x4.shl(k, 23), constant(one));
}

/** e^x, 1e-7 relative; 0 and ∞ where floats end. */
export function exponential(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, constant(expBounds)), constant(expBounds + 4));
  const rounded = roundedExponent(bounded);
  const y = f32x4.add(constant(one), exponentialTail(remainder(bounded, rounded)));
  const k = i32x4.sub(rounded, constant(rounder));
  const halfway = i32x4.shr_s(k, 1); // in two steps, because 2^k itself may not be a float
  return f32x4.mul(f32x4.mul(y, powerOfTwo(halfway)), powerOfTwo(i32x4.sub(k, halfway)));
}

/** Below this e^x is no normal number, and processors are slow with those. */
const normalFloor = memory.data<f32>([-87.33654]);

/** e^x for x ≤ 0, 1e-7 relative, and 0 where the result would be subnormal. */
export function exponentialBelow(x: v128): v128 {
  const bounded = f32x4.pmax(x, constant(normalFloor));
  const rounded = roundedExponent(bounded);
  const y = f32x4.add(constant(one), exponentialTail(remainder(bounded, rounded)));
  return v128.and(f32x4.mul(y, powerOfTwo(rounded)), f32x4.gt(x, constant(normalFloor)));
}

/** e^x − 1 for x ≤ 0, 2e-7 relative for small x too. */
@inline export function exponentialMinusOne(x: v128): v128 {
  const bounded = f32x4.pmax(x, splat(-80));
  const rounded = roundedExponent(bounded);
  const scale = powerOfTwo(rounded);
  const tail = exponentialTail(remainder(bounded, rounded));
  return f32x4.add(f32x4.mul(scale, tail), f32x4.sub(scale, constant(one)));
}

/** Of 2 atanh s / s − 2, in s². */
const logTable = memory.data<f32>([2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11, 2 / 13, 2 / 15]);

/** log(1 + t) for 0 ≤ t ≤ 1, 2e-7 relative: 2 atanh s with s = t / (2 + t) ≤ ⅓, to s¹⁵. */
@inline export function logOnePlus(t: v128): v128 {
  const s = f32x4.div(t, f32x4.add(constant(two), t));
  const s2 = f32x4.mul(s, s);
  return f32x4.add(f32x4.add(s, s), f32x4.mul(f32x4.mul(s, s2), sextic(logTable, s2)));
}

/** The smallest normal number, 2²³ to lift subnormal ones, and ∞. */
const logLimits = memory.data<f32>([1.17549435e-38, 8388608, Infinity]);
/** The bits of √½, and those of a mantissa. */
const logBits = memory.data<i32>([0x3f3504f3, 0x007fffff]);

/** log x = e log 2 + log m, √½ ≤ m < √2; log m = f − f²/2 + s (f²/2 + R) with f = m − 1, s = f / (2 + f). 1e-7 relative. */
@inline export function logarithmOfNormal(x: v128): v128 {
  const shifted = i32x4.sub(x, constant(logBits));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  return logarithmOfParts(e, shifted);
}

/** The same from e and the number's bits less those of √½. */
@inline function logarithmOfParts(e: v128, shifted: v128): v128 {
  const m = i32x4.add(v128.and(shifted, constant(logBits + 4)), constant(logBits));
  const f = f32x4.sub(m, constant(one));
  const s = f32x4.div(f, f32x4.add(constant(two), f));
  const s2 = f32x4.mul(s, s);
  const R = f32x4.mul(s2, cubic(logTable, s2));
  const halfSquare = f32x4.mul(constant(half), f32x4.mul(f, f));
  const low = f32x4.mul(e, constant(log2Parts + 8));
  const small = f32x4.add(f32x4.mul(s, f32x4.add(halfSquare, R)), low);
  const high = f32x4.mul(e, constant(log2Parts + 4));
  return f32x4.add(high, f32x4.add(f, f32x4.sub(small, halfSquare)));
}

/** The same for any x. */
export function logarithm(x: v128): v128 {
  const subnormal = f32x4.lt(x, constant(logLimits));
  const scaled = v128.bitselect(f32x4.mul(x, constant(logLimits + 4)), x, subnormal);
  const shifted = i32x4.sub(scaled, constant(logBits));
  const exponent = i32x4.sub(i32x4.shr_s(shifted, 23), v128.and(subnormal, i32x4.splat(23)));
  const finite = logarithmOfParts(f32x4.convert_i32x4_s(exponent), shifted);

  const outside = v128.bitselect(splat(-Infinity), splat(NaN), f32x4.eq(x, splat(0)));
  const beyond = v128.bitselect(x, outside, f32x4.eq(x, constant(logLimits + 8)));
  const inside = v128.and(f32x4.gt(x, splat(0)), f32x4.lt(x, constant(logLimits + 8)));
  return v128.bitselect(finite, beyond, inside);
}

/** Fitted for least error over |x| ≤ 9.02, beyond which tanh is 1 in single precision. */
const tanhBounds = memory.data<f32>([-9.02, 9.02, -1, 1]);
const tanhNumerator = memory.data<f32>([
  1, 0.1337970495223999, 0.003494019154459238, 2.058323116216343e-5, 1.3318735447853669e-8,
]);
const tanhDenominator = memory.data<f32>([
  1, 0.46713021397590637, 0.02587101422250271, 3.2830677810125053e-4, 7.761879032841534e-7,
]);

/** tanh x = x P(x²) / Q(x²), 4e-7 relative, odd, never beyond ±1. */
@inline export function hyperbolicTangent(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, constant(tanhBounds)), constant(tanhBounds + 4));
  const t = f32x4.mul(bounded, bounded);
  const y = f32x4.div(f32x4.mul(bounded, quartic(tanhNumerator, t)), quartic(tanhDenominator, t));
  return f32x4.pmin(f32x4.pmax(y, constant(tanhBounds + 8)), constant(tanhBounds + 12));
}

/** 2/π, then π/2 in Cody and Waite's three parts, the first two so short that their multiples up to 2¹³ are exact. */
const halfPiParts = memory.data<f32>([0.6366197723675814, 1.5703125, 4.8351287841796875e-4, 3.1391647326017846e-7]);
/** −1/3!, 1/5!, −1/7!, 1/9! */
const sineTable = memory.data<f32>([-1 / 6, 1 / 120, -1 / 5040, 1 / 362880]);
/** 1/4!, −1/6!, 1/8!, −1/10! */
const cosineTable = memory.data<f32>([1 / 24, -1 / 720, 1 / 40320, -1 / 3628800]);

/** sin(x + quarterTurns π/2), 1e-7 absolute up to |x| = 10⁴: x = k π/2 + r, then a series in r as k mod 4 asks. */
@inline function shiftedSine(x: v128, quarterTurns: i32): v128 {
  const rounded = f32x4.add(f32x4.mul(x, constant(halfPiParts)), constant(rounder));
  const k = f32x4.sub(rounded, constant(rounder));
  let r = f32x4.sub(x, f32x4.mul(k, constant(halfPiParts + 4)));
  r = f32x4.sub(r, f32x4.mul(k, constant(halfPiParts + 8)));
  r = f32x4.sub(r, f32x4.mul(k, constant(halfPiParts + 12)));
  const r2 = f32x4.mul(r, r);
  const sine = f32x4.add(r, f32x4.mul(f32x4.mul(r, r2), cubic(sineTable, r2)));
  const start = f32x4.sub(constant(one), f32x4.mul(constant(half), r2));
  const cosine = f32x4.add(start, f32x4.mul(f32x4.mul(r2, r2), cubic(cosineTable, r2)));

  const turns = i32x4.add(rounded, i32x4.splat(quarterTurns));
  const odd = i32x4.shr_s(i32x4.shl(turns, 31), 31);
  const negative = i32x4.shl(v128.and(turns, i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(cosine, sine, odd), negative);
}

export function exp(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeUpTo(at(out, i), exponential(v128.load(at(x, i))), n - i);
}

export function log(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeUpTo(at(out, i), logarithm(v128.load(at(x, i))), n - i);
}

export function tanh(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeUpTo(at(out, i), hyperbolicTangent(v128.load(at(x, i))), n - i);
}

export function sin(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeUpTo(at(out, i), shiftedSine(v128.load(at(x, i)), 0), n - i);
}

export function cos(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeUpTo(at(out, i), shiftedSine(v128.load(at(x, i)), 1), n - i);
}
