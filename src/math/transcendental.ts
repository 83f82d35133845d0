/**
 * exp, log, sin and their kin from + − × ÷ alone: the same bits on every engine, within 2 units in the last place.
 */

/** log 2 in two parts, the first of 32 bits, so that its product with an exponent is exact. */
const LOG2_HIGH = 0.69314718036912382;
const LOG2_LOW = 1.9082149292705877e-10;

/** π/2 in three parts, the first two of 33 bits, so that their products with a count below 2²⁰ are exact. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;

/** Scratch to take numbers apart and to build powers of two. */
const doubleBits = new DataView(new ArrayBuffer(8));
const singleWord = new Int32Array(1);
const single = new Float32Array(singleWord.buffer);

/** e to the x: Infinity above 709.8, 0 below −745.1. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const y = 1 + exponentialTail(x - k * LOG2_HIGH, k * LOG2_LOW);
  if (k > -1022 && k < 1024) return y * powerOfTwo(k);
  return y * powerOfTwo(k >> 1) * powerOfTwo(k - (k >> 1));
}

/** The natural logarithm: −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  return logOfSum(x, 0);
}

/** log(1 + x), exact to the last places for small x too. */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x > 0 ? x : NaN;
  if (x > -0.29 && x < 0.41) return logNearOne(x);
  const sum = 1 + x;
  return logOfSum(sum, x > 1 ? 1 - (sum - x) : x - (sum - 1));
}

/** The sine; beyond |x| = 2²⁰, off by up to |x| · 4·10⁻¹⁷ more. */
export function sin(x: number): number {
  return Math.abs(x) < 0.78 ? sineNearZero(x, 0) : shiftedSine(x, 0);
}

/** The cosine; beyond |x| = 2²⁰, off by up to |x| · 4·10⁻¹⁷ more. */
export function cos(x: number): number {
  return Math.abs(x) < 0.78 ? cosineNearZero(x, 0) : shiftedSine(x, 1);
}

/** The hyperbolic tangent: ±1 from |x| = 19.1 on. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 22) return x > 0 ? 1 : -1;
  if (size < 1e-9) return x;
  // With e = exp(2|x|) − 1, kept apart from the 1 it would drown in: tanh|x| = e / (e + 2) = 1 − 2 / (e + 2).
  const k = Math.floor(2 * size * Math.LOG2E + 0.5);
  const scale = powerOfTwo(k);
  const e = scale * exponentialTail(2 * size - k * LOG2_HIGH, k * LOG2_LOW) + (scale - 1);
  const result = size < 1 ? e / (e + 2) : 1 - 2 / (e + 2);
  return x < 0 ? -result : result;
}

/** exp(high − low) − 1 for |high − low| ≤ log(2) / 2: the Taylor series to the 14th power, the linear part added last. */
function exponentialTail(high: number, low: number): number {
  const r = high - low;
  let p = 1 / 1307674368000;
  p = p * r + 1 / 87178291200;
  p = p * r + 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 1 / 2;
  return high + (p * r * r - low);
}

/** log(x + rest), where rest is less than half a unit in the last place of x. */
function logOfSum(x: number, rest: number): number {
  const normal = x < 2.2250738585072014e-308 ? x * 2 ** 54 : x;
  doubleBits.setFloat64(0, normal);
  // The power of two that leaves a factor between √½ and √2.
  const k = (doubleBits.getInt32(0) - 0x3fe6a09e) >> 20;
  const f = normal * powerOfTwo(-k) - 1;
  const exponent = normal === x ? k : k - 54;
  return exponent * LOG2_HIGH + logNearOne(f, exponent * LOG2_LOW + rest / x);
}

/** low + log(1 + f) for 1 + f between √½ and √2: 2 artanh s with s = f / (2 + f), rearranged so that f is added last. */
function logNearOne(f: number, low = 0): number {
  const s = f / (2 + f);
  const z = s * s;
  let p = 2 / 25;
  p = p * z + 2 / 23;
  p = p * z + 2 / 21;
  p = p * z + 2 / 19;
  p = p * z + 2 / 17;
  p = p * z + 2 / 15;
  p = p * z + 2 / 13;
  p = p * z + 2 / 11;
  p = p * z + 2 / 9;
  p = p * z + 2 / 7;
  p = p * z + 2 / 5;
  p = p * z + 2 / 3;
  const halfSquare = 0.5 * f * f;
  return f - (halfSquare - (s * (halfSquare + p * z) + low));
}

/** sin(x + quarters · π/2): Cody and Waite's reduction to |y| ≤ π/4, then a Taylor series. */
function shiftedSine(x: number, quarters: number): number {
  const near = Math.abs(x) <= 2 ** 20 ? x : x % (2 * Math.PI);
  const count = Math.floor(near * (2 / Math.PI) + 0.5);
  const first = near - count * HALF_PI_HIGH;
  const middle = count * HALF_PI_MIDDLE;
  const second = first - middle;
  const lost = first - second - middle - count * HALF_PI_LOW;
  const y = second + lost;
  const rest = second - y + lost;
  const quadrant = (count + quarters) & 3;
  const value = (quadrant & 1) === 0 ? sineNearZero(y, rest) : cosineNearZero(y, rest);
  return (quadrant & 2) === 0 ? value : -value;
}

/** sin(y + rest), where rest is less than half a unit in the last place of y. */
function sineNearZero(y: number, rest: number): number {
  const z = y * y;
  let p = 1 / 355687428096000;
  p = p * z - 1 / 1307674368000;
  p = p * z + 1 / 6227020800;
  p = p * z - 1 / 39916800;
  p = p * z + 1 / 362880;
  p = p * z - 1 / 5040;
  p = p * z + 1 / 120;
  p = p * z - 1 / 6;
  return y + (y * z * p + rest * (1 - 0.5 * z));
}

/** cos(y + rest); what 1 − z/2 loses in rounding is added back. */
function cosineNearZero(y: number, rest: number): number {
  const z = y * y;
  let p = 1 / 20922789888000;
  p = p * z - 1 / 87178291200;
  p = p * z + 1 / 479001600;
  p = p * z - 1 / 3628800;
  p = p * z + 1 / 40320;
  p = p * z - 1 / 720;
  p = p * z + 1 / 24;
  const main = 1 - 0.5 * z;
  return main + (1 - main - 0.5 * z + (z * z * p - y * rest));
}

/** 2 to the k for −1074 ≤ k ≤ 1023, from the bits of singles: a word is written and read whole, which is fast. */
function powerOfTwo(k: number): number {
  if (k < -126 || k > 127) return powerOfTwo(k >> 1) * powerOfTwo(k - (k >> 1));
  singleWord[0] = (k + 127) << 23;
  return single[0];
}
