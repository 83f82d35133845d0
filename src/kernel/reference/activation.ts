import { exp, tanh } from "../../math/transcendental.ts";
import type { Activation } from "../kernel.ts";

/** f(z) */
export function activate(z: number, activation: Activation): number {
  switch (activation) {
    case "identity":
      return z;
    case "tanh":
      return tanh(z);
    case "relu":
      return Math.max(z, 0);
    case "elu":
      return z > 0 ? z : exp(z) - 1;
    default:
      throw unknownActivation(activation);
  }
}

/** f′(z), had from y = f(z) alone. */
export function slope(y: number, activation: Activation): number {
  switch (activation) {
    case "identity":
      return 1;
    case "tanh":
      return 1 - y * y;
    case "relu":
      return y > 0 ? 1 : 0;
    case "elu":
      return y > 0 ? 1 : y + 1;
    default:
      throw unknownActivation(activation);
  }
}

function unknownActivation(activation: never): TypeError {
  return new TypeError(
    `kernel: unknown activation ${JSON.stringify(activation)}. Activations are: identity, tanh, relu, elu.`,
  );
}

/** y ← f(y + b), row by row. */
export function biasActivate(
  y: Float32Array,
  bias: Float32Array,
  rows: number,
  columns: number,
  activation: Activation,
): void {
  for (let i = 0; i < rows * columns; i++) y[i] = activate(y[i] + bias[i % columns], activation);
}

/** dz = dy ⊙ f′(y), in place on dy. */
export function activationBackward(y: Float32Array, dy: Float32Array, activation: Activation): void {
  for (let i = 0; i < dy.length; i++) dy[i] *= slope(y[i], activation);
}
