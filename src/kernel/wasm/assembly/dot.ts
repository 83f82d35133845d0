import { keepUpTo, laneSum, splat } from "./lanes";

/** out[row] = start + Σₖ a[row, k] v[k], four partial sums each; rows of A and entries of out lie aRow and outStep bytes apart. */
export function rowDots(
  a: usize, aRow: usize, v: usize, out: usize, outStep: usize, start: f32, rows: i32, depth: i32,
): void {
  const whole = depth & ~3;
  const rest = depth - whole;
  const end = v + (<usize>whole << 2);
  let row = 0;
  for (; row <= rows - 4; row += 4) {
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let s0 = splat(0);
    let s1 = splat(0);
    let s2 = splat(0);
    let s3 = splat(0);
    for (let vk = v; vk < end; vk += 16) {
      const x = v128.load(vk);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(a0), x));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(a1), x));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(a2), x));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(a3), x));
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
    }
    if (rest > 0) {
      const x = keepUpTo(v128.load(end), rest);
      s0 = f32x4.add(s0, f32x4.mul(keepUpTo(v128.load(a0), rest), x));
      s1 = f32x4.add(s1, f32x4.mul(keepUpTo(v128.load(a1), rest), x));
      s2 = f32x4.add(s2, f32x4.mul(keepUpTo(v128.load(a2), rest), x));
      s3 = f32x4.add(s3, f32x4.mul(keepUpTo(v128.load(a3), rest), x));
    }
    const s01 = f32x4.add(i32x4.shuffle(s0, s1, 0, 4, 1, 5), i32x4.shuffle(s0, s1, 2, 6, 3, 7));
    const s23 = f32x4.add(i32x4.shuffle(s2, s3, 0, 4, 1, 5), i32x4.shuffle(s2, s3, 2, 6, 3, 7));
    const sums = f32x4.add(i32x4.shuffle(s01, s23, 0, 1, 4, 5), i32x4.shuffle(s01, s23, 2, 3, 6, 7));
    const y = f32x4.add(splat(start), sums);
    v128.store32_lane(out, y, 0);
    v128.store32_lane(out + outStep, y, 1);
    v128.store32_lane(out + outStep * 2, y, 2);
    v128.store32_lane(out + outStep * 3, y, 3);
    a += aRow << 2;
    out += outStep << 2;
  }
  for (; row < rows; row++) {
    let ak = a;
    let s = splat(0);
    for (let vk = v; vk < end; vk += 16) {
      s = f32x4.add(s, f32x4.mul(v128.load(ak), v128.load(vk)));
      ak += 16;
    }
    if (rest > 0) {
      const x = keepUpTo(v128.load(end), rest);
      s = f32x4.add(s, f32x4.mul(keepUpTo(v128.load(ak), rest), x));
    }
    store<f32>(out, start + laneSum(s));
    a += aRow;
    out += outStep;
  }
}
