/** Four numbers at a time. An address is a byte offset into memory; loads may run up to seven numbers past an array's end. */

@inline export function at(array: usize, index: i32): usize {
  return array + (<usize>index << 2);
}

@inline export function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** Stores the first `count` lanes, all four when there are more. */
@inline export function storeUpTo(to: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, v);
  } else if (count > 1) {
    v128.store64_lane(to, v, 0);
    if (count > 2) v128.store32_lane(to, v, 2, 8);
  } else if (count == 1) {
    v128.store32_lane(to, v, 0);
  }
}

const laneNumbers = memory.data<i32>([0, 1, 2, 3]);

/** All bits in the first `count` lanes, none in the others. */
@inline export function lanesUpTo(count: i32): v128 {
  return i32x4.gt_s(i32x4.splat(count), v128.load(laneNumbers));
}

/** Keeps the first `count` lanes and makes the others 0. */
@inline export function keepUpTo(v: v128, count: i32): v128 {
  return v128.and(v, lanesUpTo(count));
}

/** a + b + c + d, as (a + c) + (b + d). */
@inline export function laneSum(v: v128): f32 {
  const halves = f32x4.add(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
}
