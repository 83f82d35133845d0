/** Polynomials over a table of coefficients, the constant term first. */

@inline export function cubic(table: usize, x: v128): v128 {
  let y = f32x4.add(v128.load32_splat(table, 8), f32x4.mul(x, v128.load32_splat(table, 12)));
  y = f32x4.add(v128.load32_splat(table, 4), f32x4.mul(x, y));
  return f32x4.add(v128.load32_splat(table), f32x4.mul(x, y));
}

@inline export function quartic(table: usize, x: v128): v128 {
  return f32x4.add(v128.load32_splat(table), f32x4.mul(x, cubic(table + 4, x)));
}

@inline export function quintic(table: usize, x: v128): v128 {
  return f32x4.add(v128.load32_splat(table), f32x4.mul(x, quartic(table + 4, x)));
}

@inline export function sextic(table: usize, x: v128): v128 {
  return f32x4.add(v128.load32_splat(table), f32x4.mul(x, quintic(table + 4, x)));
}
