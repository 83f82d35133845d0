import { constant, keep } from "./constant";
import { at, splat, storeUpTo } from "./lanes";

/** Moments below the first count as 0, gradients below the second: their squares would be below the first. */
const floors = memory.data<f32>([1e-30, 1e-15]);

/** x, or 0 where |x| is below the floor; NaN stays. */
@inline function flushed(x: v128, floor: usize): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), constant(floor)));
}

/** p −= stepSize · m / (√v · secondScale + ε), where the caller has put the bias corrections into both factors. */
export function adam(
  parameters: usize, gradients: usize, firstMoment: usize, secondMoment: usize, n: i32,
  stepSize: f32, beta1: f32, oneMinusBeta1: f32, beta2: f32, oneMinusBeta2: f32, secondScale: f32, epsilon: f32,
  gradientScale: f32,
): void {
  const atStepSize = keep(0, stepSize);
  const atBeta1 = keep(1, beta1);
  const atOneMinusBeta1 = keep(2, oneMinusBeta1);
  const atBeta2 = keep(3, beta2);
  const atOneMinusBeta2 = keep(4, oneMinusBeta2);
  const atSecondScale = keep(5, secondScale);
  const atEpsilon = keep(6, epsilon);
  const atGradientScale = keep(7, gradientScale);
  for (let i = 0; i < n; i += 4) {
    const g = flushed(f32x4.mul(constant(atGradientScale), v128.load(at(gradients, i))), floors + 4);
    const oldM = f32x4.mul(constant(atBeta1), v128.load(at(firstMoment, i)));
    const oldV = f32x4.mul(constant(atBeta2), v128.load(at(secondMoment, i)));
    const m = flushed(f32x4.add(oldM, f32x4.mul(constant(atOneMinusBeta1), g)), floors);
    const v = flushed(f32x4.add(oldV, f32x4.mul(constant(atOneMinusBeta2), f32x4.mul(g, g))), floors);
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(v), constant(atSecondScale)), constant(atEpsilon));
    const step = f32x4.div(f32x4.mul(constant(atStepSize), m), scale);
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
    const g = flushed(f32x4.mul(constant(atGradientScale), v128.load(at(gradients, i))), floors + 4);
    const oldV = f32x4.mul(constant(atDecay), v128.load(at(meanSquare, i)));
    const v = flushed(f32x4.add(oldV, f32x4.mul(constant(atOneMinusDecay), f32x4.mul(g, g))), floors);
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
