import { at, splat, storeUpTo } from "./lanes";

/** p −= stepSize · m / (√v · secondScale + ε), where the caller has put the bias corrections into both factors. */
export function adam(
  parameters: usize, gradients: usize, firstMoment: usize, secondMoment: usize, n: i32,
  stepSize: f32, beta1: f32, oneMinusBeta1: f32, beta2: f32, oneMinusBeta2: f32, secondScale: f32, epsilon: f32,
  gradientScale: f32,
): void {
  for (let i = 0; i < n; i += 4) {
    const g = f32x4.mul(splat(gradientScale), v128.load(at(gradients, i)));
    const m = f32x4.add(
      f32x4.mul(splat(beta1), v128.load(at(firstMoment, i))),
      f32x4.mul(splat(oneMinusBeta1), g),
    );
    const v = f32x4.add(
      f32x4.mul(splat(beta2), v128.load(at(secondMoment, i))),
      f32x4.mul(splat(oneMinusBeta2), f32x4.mul(g, g)),
    );
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(v), splat(secondScale)), splat(epsilon));
    const step = f32x4.div(f32x4.mul(splat(stepSize), m), scale);
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
  const inside = splat(epsilonInside ? epsilon : 0);
  const outside = splat(epsilonInside ? 0 : epsilon);
  for (let i = 0; i < n; i += 4) {
    const g = f32x4.mul(splat(gradientScale), v128.load(at(gradients, i)));
    const v = f32x4.add(
      f32x4.mul(splat(decay), v128.load(at(meanSquare, i))),
      f32x4.mul(splat(oneMinusDecay), f32x4.mul(g, g)),
    );
    const scale = f32x4.add(f32x4.sqrt(f32x4.add(v, inside)), outside);
    const step = f32x4.div(f32x4.mul(splat(learningRate), g), scale);
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
