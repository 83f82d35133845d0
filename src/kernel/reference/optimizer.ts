/** Below this a moment counts as 0: it would decay into subnormal numbers, with which processors are slow. */
const momentFloor = 1e-30;
/** Adam looks for such moments only every so many steps, because looking takes time and 0.9³² is far from 1e-8. */
export const flushInterval = 32;

function flushed(moment: number): number {
  return Math.abs(moment) < momentFloor ? 0 : moment;
}

function flushMoments(moments: Float32Array): void {
  for (let i = 0; i < moments.length; i++) moments[i] = flushed(moments[i]);
}

/** Kingma & Ba 2015, https://arxiv.org/abs/1412.6980, Algorithm 1. */
export function adam(
  parameters: Float32Array,
  gradients: Float32Array,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  step: number,
  learningRate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  gradientScale: number,
): void {
  const { firstCorrection, secondCorrection } = adamCorrections(step, beta1, beta2);
  for (let i = 0; i < parameters.length; i++) {
    const gradient = gradientScale * gradients[i];
    const m = beta1 * firstMoment[i] + (1 - beta1) * gradient;
    const v = beta2 * secondMoment[i] + (1 - beta2) * gradient * gradient;
    firstMoment[i] = m;
    secondMoment[i] = v;
    parameters[i] -= (learningRate * (m / firstCorrection)) / (Math.sqrt(v / secondCorrection) + epsilon);
  }
  if (step % flushInterval === 0) {
    flushMoments(firstMoment);
    flushMoments(secondMoment);
  }
}

/** 1 − β₁ᵗ and 1 − β₂ᵗ, which undo the moments' start at zero. */
export function adamCorrections(
  step: number,
  beta1: number,
  beta2: number,
): { firstCorrection: number; secondCorrection: number } {
  return { firstCorrection: 1 - power(beta1, step), secondCorrection: 1 - power(beta2, step) };
}

/** base to a whole power by repeated squaring; `**` is left to the engine and may differ in the last bit. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

/** v ← ρ v + (1 − ρ) g²; p −= α g / (√v + ε), or p −= α g / √(v + ε) */
export function rmsProp(
  parameters: Float32Array,
  gradients: Float32Array,
  meanSquare: Float32Array,
  learningRate: number,
  decay: number,
  epsilon: number,
  epsilonInside: boolean,
  gradientScale: number,
): void {
  for (let i = 0; i < parameters.length; i++) {
    const gradient = gradientScale * gradients[i];
    const v = flushed(decay * meanSquare[i] + (1 - decay) * gradient * gradient);
    meanSquare[i] = v;
    parameters[i] -= (learningRate * gradient) / (epsilonInside ? Math.sqrt(v + epsilon) : Math.sqrt(v) + epsilon);
  }
}

/** p −= α g */
export function sgd(
  parameters: Float32Array,
  gradients: Float32Array,
  learningRate: number,
  gradientScale: number,
): void {
  for (let i = 0; i < parameters.length; i++) parameters[i] -= learningRate * (gradientScale * gradients[i]);
}
