import type { Kernel } from "../kernel/kernel.ts";

/** Writes A·p. */
export type Multiply = (p: Float32Array, product: Float32Array) => void;

/** Below this squared residual there is nothing left to solve, and α would divide 0 by 0. */
const tolerance = 1e-10;

/**
 * Solves A x = b for a symmetric positive A that is known by its products alone. Hestenes & Stiefel 1952, https://doi.org/10.6028/jres.049.044.
 * Writes x, starting from 0, after at most `steps` products. Arrays of `size` numbers, in the kernel's memory.
 */
export function createConjugateGradient(
  kernel: Kernel,
  size: number,
): (multiply: Multiply, b: Float32Array, steps: number, x: Float32Array) => void {
  const residual = kernel.float32(size);
  const p = kernel.float32(size);
  const product = kernel.float32(size);

  return (multiply, b, steps, x) => {
    x.fill(0);
    residual.set(b);
    p.set(b);
    let squared = dot(residual, residual);
    for (let step = 0; step < steps && squared >= tolerance; step++) {
      multiply(p, product);
      const curvature = dot(p, product);
      if (!(curvature > 0)) return; // A is flat along p
      const alpha = squared / curvature;
      kernel.addScaled(x, alpha, p);
      kernel.addScaled(residual, -alpha, product);
      const left = dot(residual, residual);
      kernel.scale(p, left / squared);
      kernel.addScaled(p, 1, residual);
      squared = left;
    }
  };
}

/** Σ x y */
export function dot(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
