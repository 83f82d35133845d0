import type { Activation } from "../kernel/kernel.ts";
import type { Layer } from "./policy.ts";

/** The two layers of a value stream and of an advantage stream. */
interface Streams {
  readonly hidden: readonly [value: Layer, advantage: Layer];
  readonly last: readonly [value: Layer, advantage: Layer];
}

/**
 * Two dueling streams as two plain layers: the hidden ones side by side, and V + A − mean A, which is linear, as weights.
 * They are copies.
 */
export function foldDueling({ hidden, last }: Streams, activation: Activation): [Layer, Layer] {
  return [sideBySide(hidden[0], hidden[1], activation), combined(last[0], last[1])];
}

function sideBySide(left: Layer, right: Layer, activation: Activation): Layer {
  const { inputs } = left;
  const outputs = left.outputs + right.outputs;
  const weights = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    weights.set(left.weights.subarray(i * left.outputs, (i + 1) * left.outputs), i * outputs);
    weights.set(right.weights.subarray(i * right.outputs, (i + 1) * right.outputs), i * outputs + left.outputs);
  }
  const bias = new Float32Array(outputs);
  bias.set(left.bias);
  bias.set(right.bias, left.outputs);
  return { inputs, outputs, activation, weights, bias };
}

function combined(value: Layer, advantage: Layer): Layer {
  const { outputs } = advantage;
  const inputs = value.inputs + advantage.inputs;
  const weights = new Float32Array(inputs * outputs);
  for (let i = 0; i < value.inputs; i++) spread(value.weights, i, value.outputs, weights, i, outputs);
  for (let i = 0; i < advantage.inputs; i++)
    center(advantage.weights, i, value.outputs, weights, value.inputs + i, outputs);
  const bias = new Float32Array(outputs);
  center(advantage.bias, 0, value.outputs, bias, 0, outputs);
  for (let j = 0; j < outputs; j++) bias[j] += value.bias[j % value.outputs];
  return { inputs, outputs, activation: "identity", weights, bias };
}

/** Every action gets the value's row. */
function spread(
  from: Float32Array,
  row: number,
  atoms: number,
  to: Float32Array,
  toRow: number,
  outputs: number,
): void {
  for (let j = 0; j < outputs; j++) to[toRow * outputs + j] = from[row * atoms + (j % atoms)];
}

/** Every action's number without the mean over actions, atom by atom. */
function center(
  from: Float32Array,
  row: number,
  atoms: number,
  to: Float32Array,
  toRow: number,
  outputs: number,
): void {
  for (let atom = 0; atom < atoms; atom++) {
    let sum = 0;
    for (let j = atom; j < outputs; j += atoms) sum += from[row * outputs + j];
    const mean = (sum * atoms) / outputs;
    for (let j = atom; j < outputs; j += atoms) to[toRow * outputs + j] = from[row * outputs + j] - mean;
  }
}
