import type { Activation } from "../kernel.ts";
import { activate, slope } from "./activation.ts";

/** y = f(x W + b), four columns at a time: four sums that do not wait for one another. */
export function denseForward(
  x: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
  y: Float32Array,
  batch: number,
  inputs: number,
  outputs: number,
  activation: Activation,
): void {
  const whole = outputs - (outputs % 4);
  for (let row = 0; row < batch; row++) {
    const start = row * inputs;
    const out = row * outputs;
    for (let j = 0; j < whole; j += 4) {
      let z0 = bias[j];
      let z1 = bias[j + 1];
      let z2 = bias[j + 2];
      let z3 = bias[j + 3];
      for (let i = 0, at = j; i < inputs; i++, at += outputs) {
        const input = x[start + i];
        z0 += input * weights[at];
        z1 += input * weights[at + 1];
        z2 += input * weights[at + 2];
        z3 += input * weights[at + 3];
      }
      y[out + j] = activate(z0, activation);
      y[out + j + 1] = activate(z1, activation);
      y[out + j + 2] = activate(z2, activation);
      y[out + j + 3] = activate(z3, activation);
    }
    for (let j = whole; j < outputs; j++) {
      let z = bias[j];
      for (let i = 0; i < inputs; i++) z += x[start + i] * weights[i * outputs + j];
      y[out + j] = activate(z, activation);
    }
  }
}

/** dW = xᵀ dz and db = Σ_batch dz */
export function denseBackwardWeights(
  x: Float32Array,
  dz: Float32Array,
  dWeights: Float32Array,
  dBias: Float32Array,
  batch: number,
  inputs: number,
  outputs: number,
): void {
  for (let j = 0; j < outputs; j++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let row = 0; row < batch; row++) sum += x[row * inputs + i] * dz[row * outputs + j];
      dWeights[i * outputs + j] = sum;
    }
    let sum = 0;
    for (let row = 0; row < batch; row++) sum += dz[row * outputs + j];
    dBias[j] = sum;
  }
}

/** dx = (dz Wᵀ) ⊙ f′(x), or that added to dx */
export function denseBackwardInput(
  dz: Float32Array,
  weights: Float32Array,
  x: Float32Array,
  dx: Float32Array,
  batch: number,
  inputs: number,
  outputs: number,
  activation: Activation,
  accumulate: boolean,
): void {
  for (let row = 0; row < batch; row++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0; j < outputs; j++) sum += dz[row * outputs + j] * weights[i * outputs + j];
      const at = row * inputs + i;
      dx[at] = (accumulate ? dx[at] : 0) + sum * slope(x[at], activation);
    }
  }
}

/** ẏ = f′(y) ⊙ (ẋ W + x Ẇ + ḃ) */
export function denseJvp(
  x: Float32Array,
  xDot: Float32Array | null,
  weights: Float32Array,
  weightsDot: Float32Array,
  biasDot: Float32Array,
  y: Float32Array,
  yDot: Float32Array,
  batch: number,
  inputs: number,
  outputs: number,
  activation: Activation,
): void {
  for (let row = 0; row < batch; row++) {
    for (let j = 0; j < outputs; j++) {
      let zDot = biasDot[j];
      for (let i = 0; i < inputs; i++) {
        zDot += x[row * inputs + i] * weightsDot[i * outputs + j];
        if (xDot) zDot += xDot[row * inputs + i] * weights[i * outputs + j];
      }
      const at = row * outputs + j;
      yDot[at] = zDot * slope(y[at], activation);
    }
  }
}
