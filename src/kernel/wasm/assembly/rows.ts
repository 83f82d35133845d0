/** Passes for `rows` rows of their result from row `first` on: what one of several threads does. Another is `weightRows`. */
import { denseBackwardInput, denseForward, denseJvp } from "./dense";
import { at } from "./lanes";
import { adam } from "./optimizer";

export function forwardRows(
  first: i32, rows: i32, x: usize, weights: usize, bias: usize, y: usize, inputs: i32, outputs: i32, activation: i32,
): void {
  denseForward(at(x, first * inputs), weights, bias, at(y, first * outputs), rows, inputs, outputs, activation);
}

export function inputRows(
  first: i32, rows: i32, dz: usize, weights: usize, x: usize, dx: usize,
  inputs: i32, outputs: i32, activation: i32, accumulate: bool,
): void {
  const from = first * inputs;
  denseBackwardInput(
    at(dz, first * outputs), weights, at(x, from), at(dx, from), rows, inputs, outputs, activation, accumulate,
  );
}

export function jvpRows(
  first: i32, rows: i32, x: usize, xDot: usize, weights: usize, weightsDot: usize, biasDot: usize, y: usize, yDot: usize,
  inputs: i32, outputs: i32, activation: i32,
): void {
  const from = first * inputs;
  const to = first * outputs;
  denseJvp(
    at(x, from), xDot ? at(xDot, from) : 0, weights, weightsDot, biasDot, at(y, to), at(yDot, to),
    rows, inputs, outputs, activation,
  );
}

export function adamRows(
  first: i32, rows: i32, parameters: usize, gradients: usize, firstMoment: usize, secondMoment: usize,
  beta1: f32, a: f32, beta2: f32, b: f32, stepSize: f32, epsilon: f32,
): void {
  adam(
    at(parameters, first), at(gradients, first), at(firstMoment, first), at(secondMoment, first), rows,
    beta1, a, beta2, b, stepSize, epsilon,
  );
}
