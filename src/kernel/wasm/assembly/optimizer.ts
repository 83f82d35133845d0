import { constant, keep } from "./constant";
import { at, splat, storeUpTo } from "./lanes";

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
    const g = f32x4.mul(constant(atGradientScale), v128.load(at(gradients, i)));
    const m = f32x4.add(
      f32x4.mul(constant(atBeta1), v128.load(at(firstMoment, i))),
      f32x4.mul(constant(atOneMinusBeta1), g),
    );
    const v = f32x4.add(
      f32x4.mul(constant(atBeta2), v128.load(at(secondMoment, i))),
      f32x4.mul(constant(atOneMinusBeta2), f32x4.mul(g, g)),
    );
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
    const g = f32x4.mul(constant(atGradientScale), v128.load(at(gradients, i)));
    const v = f32x4.add(
      f32x4.mul(constant(atDecay), v128.load(at(meanSquare, i))),
      f32x4.mul(constant(atOneMinusDecay), f32x4.mul(g, g)),
    );
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
