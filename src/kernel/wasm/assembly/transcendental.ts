import { at, splat, storeUpTo } from "./lanes";

/** e^r − 1 for |r| ≤ ½ log 2, by Taylor's series to r⁷. */
@inline function exponentialTail(r: v128): v128 {
  let p = f32x4.add(splat(1.0 / 720.0), f32x4.mul(r, splat(1.0 / 5040.0)));
  p = f32x4.add(splat(1.0 / 120.0), f32x4.mul(r, p));
  p = f32x4.add(splat(1.0 / 24.0), f32x4.mul(r, p));
  p = f32x4.add(splat(1.0 / 6.0), f32x4.mul(r, p));
  p = f32x4.add(splat(0.5), f32x4.mul(r, p));
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p));
}

/** 2^k for whole k from −126 to 127. */
@inline function powerOfTwo(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/** x = k log 2 + r: the whole number k nearest to x / log 2, as a float. */
@inline function wholeExponent(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, splat(1.4426950408889634)));
}

/** r. log 2 is split so that k times its first part is exact. */
@inline function remainder(x: v128, k: v128): v128 {
  const high = f32x4.sub(x, f32x4.mul(k, splat(0.693359375)));
  return f32x4.sub(high, f32x4.mul(k, splat(-2.12194440054690583e-4)));
}

/** e^x within 1.5 units in the last place; 0 and ∞ where floats end. */
export function exponential(x: v128): v128 {
  const bounded = f32x4.min(f32x4.max(x, splat(-110)), splat(95));
  const k = wholeExponent(bounded);
  const y = f32x4.add(splat(1), exponentialTail(remainder(bounded, k)));
  const whole = i32x4.trunc_sat_f32x4_s(k);
  const half = i32x4.shr_s(whole, 1); // in two steps, because 2^k itself may not be a float
  return f32x4.mul(f32x4.mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

/** e^x − 1 for x ≤ 0, exact to the last places for small x too. */
@inline export function exponentialMinusOne(x: v128): v128 {
  const bounded = f32x4.max(x, splat(-80));
  const k = wholeExponent(bounded);
  const scale = powerOfTwo(i32x4.trunc_sat_f32x4_s(k));
  const tail = exponentialTail(remainder(bounded, k));
  return f32x4.add(f32x4.mul(scale, tail), f32x4.sub(scale, splat(1)));
}

/** log(1 + t) for 0 ≤ t ≤ 1: twice the series of atanh s, s = t / (2 + t) ≤ ⅓, to s¹⁵. */
@inline export function logOnePlus(t: v128): v128 {
  const s = f32x4.div(t, f32x4.add(splat(2), t));
  const s2 = f32x4.mul(s, s);
  let p = f32x4.add(splat(2.0 / 13.0), f32x4.mul(s2, splat(2.0 / 15.0)));
  p = f32x4.add(splat(2.0 / 11.0), f32x4.mul(s2, p));
  p = f32x4.add(splat(2.0 / 9.0), f32x4.mul(s2, p));
  p = f32x4.add(splat(2.0 / 7.0), f32x4.mul(s2, p));
  p = f32x4.add(splat(2.0 / 5.0), f32x4.mul(s2, p));
  p = f32x4.add(splat(2.0 / 3.0), f32x4.mul(s2, p));
  return f32x4.add(f32x4.add(s, s), f32x4.mul(f32x4.mul(s, s2), p));
}

/** log x = e log 2 + log m with √½ ≤ m < √2; log m = f − f²/2 + s (f²/2 + R), f = m − 1, s = f / (2 + f), R even in s. */
export function logarithm(x: v128): v128 {
  const subnormal = f32x4.lt(x, splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, splat(8388608)), x, subnormal);
  const shifted = i32x4.sub(scaled, i32x4.splat(0x3f3504f3)); // the bits of √½
  const exponent = i32x4.sub(i32x4.shr_s(shifted, 23), v128.and(subnormal, i32x4.splat(23)));
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));

  const f = f32x4.sub(m, splat(1));
  const s = f32x4.div(f, f32x4.add(splat(2), f));
  const s2 = f32x4.mul(s, s);
  let even = f32x4.add(splat(2.0 / 7.0), f32x4.mul(s2, splat(2.0 / 9.0)));
  even = f32x4.add(splat(2.0 / 5.0), f32x4.mul(s2, even));
  even = f32x4.mul(s2, f32x4.add(splat(2.0 / 3.0), f32x4.mul(s2, even)));
  const halfSquare = f32x4.mul(splat(0.5), f32x4.mul(f, f));

  const e = f32x4.convert_i32x4_s(exponent);
  const small = f32x4.add(f32x4.mul(s, f32x4.add(halfSquare, even)), f32x4.mul(e, splat(-2.12194440054690583e-4)));
  const finite = f32x4.add(f32x4.mul(e, splat(0.693359375)), f32x4.add(f, f32x4.sub(small, halfSquare)));

  const outside = v128.bitselect(splat(-Infinity), splat(NaN), f32x4.eq(x, splat(0)));
  const beyond = v128.bitselect(x, outside, f32x4.eq(x, splat(Infinity)));
  const inside = v128.and(f32x4.gt(x, splat(0)), f32x4.lt(x, splat(Infinity)));
  return v128.bitselect(finite, beyond, inside);
}

/** tanh x = x P(x²) / Q(x²), fitted for least error on |x| ≤ 9.02, beyond which tanh is 1 in single precision. */
@inline export function hyperbolicTangent(x: v128): v128 {
  const bounded = f32x4.min(f32x4.max(x, splat(-9.02)), splat(9.02));
  const t = f32x4.mul(bounded, bounded);
  let p = f32x4.add(splat(2.058323116216343e-5), f32x4.mul(t, splat(1.3318735447853669e-8)));
  p = f32x4.add(splat(0.003494019154459238), f32x4.mul(t, p));
  p = f32x4.add(splat(0.1337970495223999), f32x4.mul(t, p));
  p = f32x4.add(splat(1), f32x4.mul(t, p));
  let q = f32x4.add(splat(3.2830677810125053e-4), f32x4.mul(t, splat(7.761879032841534e-7)));
  q = f32x4.add(splat(0.02587101422250271), f32x4.mul(t, q));
  q = f32x4.add(splat(0.46713021397590637), f32x4.mul(t, q));
  q = f32x4.add(splat(1), f32x4.mul(t, q));
  const y = f32x4.div(f32x4.mul(bounded, p), q);
  return f32x4.min(f32x4.max(y, splat(-1)), splat(1));
}

/** x = k π/2 + r with |r| ≤ π/4, in Cody and Waite's three parts; sin or cos of r by Taylor's series, as k mod 4 asks. */
@inline function shiftedSine(x: v128, quarterTurns: i32): v128 {
  const k = f32x4.nearest(f32x4.mul(x, splat(0.6366197723675814)));
  let r = f32x4.sub(x, f32x4.mul(k, splat(1.5703125)));
  r = f32x4.sub(r, f32x4.mul(k, splat(4.8351287841796875e-4)));
  r = f32x4.sub(r, f32x4.mul(k, splat(3.1391647326017846e-7)));
  const r2 = f32x4.mul(r, r);

  let s = f32x4.add(splat(-1.0 / 5040.0), f32x4.mul(r2, splat(1.0 / 362880.0)));
  s = f32x4.add(splat(1.0 / 120.0), f32x4.mul(r2, s));
  s = f32x4.add(splat(-1.0 / 6.0), f32x4.mul(r2, s));
  const sine = f32x4.add(r, f32x4.mul(f32x4.mul(r, r2), s));

  let c = f32x4.add(splat(1.0 / 40320.0), f32x4.mul(r2, splat(-1.0 / 3628800.0)));
  c = f32x4.add(splat(-1.0 / 720.0), f32x4.mul(r2, c));
  c = f32x4.add(splat(1.0 / 24.0), f32x4.mul(r2, c));
  const cosine = f32x4.add(f32x4.sub(splat(1), f32x4.mul(splat(0.5), r2)), f32x4.mul(f32x4.mul(r2, r2), c));

  const turns = i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(quarterTurns));
  const odd = i32x4.eq(v128.and(turns, i32x4.splat(1)), i32x4.splat(1));
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
