import { constant, keep } from "./constant";
import { at, splat, storeUpTo } from "./lanes";

/** Below this a moment counts as 0. */
const momentFloor = memory.data<f32>([1e-30]);
/** All bits but the sign. */
const magnitude = memory.data<i32>([0x7fffffff]);

/** v, or 0 where |v| is below the floor; NaN stays. */
@inline function flushed(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(v128.and(v, constant(magnitude)), constant(momentFloor)));
}

export function flushMoments(moments: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) storeUpTo(at(moments, i), flushed(v128.load(at(moments, i))), n - i);
}

/**
 * m ← β₁ m + a g, v ← β₂ v + b g², p −= stepSize · m / (√v + ε), where the caller has put the gradient's scale into a and b,
 * and the bias corrections into stepSize and ε.
 */
export function adam(
  parameters: usize, gradients: usize, firstMoment: usize, secondMoment: usize, n: i32,
  beta1: f32, a: f32, beta2: f32, b: f32, stepSize: f32, epsilon: f32,
): void {
  const atBeta1 = keep(0, beta1);
  const atA = keep(1, a);
  const atBeta2 = keep(2, beta2);
  const atB = keep(3, b);
  const atStepSize = keep(4, stepSize);
  const atEpsilon = keep(5, epsilon);
  for (let i = 0; i < n; i += 4) {
    const g = v128.load(at(gradients, i));
    const oldM = f32x4.mul(constant(atBeta1), v128.load(at(firstMoment, i)));
    const oldV = f32x4.mul(constant(atBeta2), v128.load(at(secondMoment, i)));
    const m = f32x4.add(oldM, f32x4.mul(constant(atA), g));
    const v = f32x4.add(oldV, f32x4.mul(f32x4.mul(constant(atB), g), g));
    const step = f32x4.div(f32x4.mul(constant(atStepSize), m), f32x4.add(f32x4.sqrt(v), constant(atEpsilon)));
    const moved = f32x4.sub(v128.load(at(parameters, i)), step);
    storeUpTo(at(firstMoment, i), m, n - i);
    storeUpTo(at(secondMoment, i), v, n - i);
    storeUpTo(at(parameters, i), moved, n - i);
  }
}

export function rmsProp(
  parameters: usize, gradients: usize, meanSquare: usize, n: i32,
  learningRate: f32, decay: f32, oneMinusDecay: f32, epsilon: f32, epsilonInside: bool, gradientScale: f32,
): void {
  const atLearningRate = keep(0, learningRate);
  const atDecay = keep(1, decay);
  const atOneMinusDecay = keep(2, oneMinusDecay);
  const atGradientScale = keep(3, gradientScale);
  const atInside = keep(4, epsilonInside ? epsilon : 0);
  const atOutside = keep(5, epsilonInside ? 0 : epsilon);
  for (let i = 0; i < n; i += 4) {
    const g = f32x4.mul(constant(atGradientScale), v128.load(at(gradients, i)));
    const oldV = f32x4.mul(constant(atDecay), v128.load(at(meanSquare, i)));
    const v = flushed(f32x4.add(oldV, f32x4.mul(constant(atOneMinusDecay), f32x4.mul(g, g))));
    const scale = f32x4.add(f32x4.sqrt(f32x4.add(v, constant(atInside))), constant(atOutside));
    const step = f32x4.div(f32x4.mul(constant(atLearningRate), g), scale);
    const moved = f32x4.sub(v128.load(at(parameters, i)), step);
    storeUpTo(at(meanSquare, i), v, n - i);
    storeUpTo(at(parameters, i), moved, n - i);
  }
}

export function sgd(parameters: usize, gradients: usize, n: i32, learningRate: f32, gradientScale: f32): void {
  for (let i = 0; i < n; i += 4) {
    const g = f32x4.mul(splat(gradientScale), v128.load(at(gradients, i)));
    const moved = f32x4.sub(v128.load(at(parameters, i)), f32x4.mul(splat(learningRate), g));
    storeUpTo(at(parameters, i), moved, n - i);
  }
}
