import type { Activation } from "../kernel.ts";
import { activate, slope } from "./activation.ts";

/** y = f(x W + b) */
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
  for (let row = 0; row < batch; row++) {
    for (let j = 0; j < outputs; j++) {
      let z = bias[j];
      for (let i = 0; i < inputs; i++) z += x[row * inputs + i] * weights[i * outputs + j];
      y[row * outputs + j] = activate(z, activation);
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
