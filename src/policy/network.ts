import type { Activation, Kernel } from "../kernel/kernel.ts";
import type { Layer } from "./policy.ts";

/** Dense layers in a row, their parameters views of one flat array. */
export interface Network {
  readonly inputs: number;
  readonly outputs: number;
  readonly layers: readonly Layer[];
  /** y of the last layer for x [batch, inputs], [batch, outputs]; overwritten by the next call. */
  forward(x: Float32Array, batch: number): Float32Array;
  /**
   * From dy [batch, outputs], which it overwrites, the gradient of every parameter, overwritten in place.
   * Follows a `forward` of the same batch. With `input`, also the gradient of x.
   */
  backward(dy: Float32Array, batch: number, input?: InputGradient): void;
  /** The gradient of x alone, without that of any parameter: the way back through a network that is not being trained. */
  backwardInput(dy: Float32Array, batch: number, input: InputGradient): void;
  /**
   * Directional derivative of the last `forward` along `tangent`, laid out as the parameters are, [batch, outputs].
   * `inputTangent`, [batch, inputs], is how x changes on the way; null where it does not.
   */
  jvp(tangent: Float32Array, batch: number, inputTangent: Float32Array | null): Float32Array;
}

/** Where the gradient of a network's input goes: through `activation`, which made x. */
export interface InputGradient {
  /** [batch, inputs] */
  readonly dx: Float32Array;
  readonly activation: Activation;
  /** Add to dx instead of overwriting it. */
  readonly accumulate: boolean;
}

export interface NetworkShape {
  /** inputs, hidden widths, outputs */
  readonly sizes: readonly number[];
  readonly activation: Activation;
  readonly outputActivation: Activation;
}

const activations: readonly Activation[] = ["identity", "tanh", "relu", "elu"];

/** Weights and biases, all layers. */
export function parameterCount({ sizes }: NetworkShape): number {
  let count = 0;
  for (let i = 1; i < sizes.length; i++) count += (sizes[i - 1] + 1) * sizes[i];
  return count;
}

/** `parameters` and `gradients` have `parameterCount(shape)` numbers; no batch may exceed `maxBatch` rows. */
export function createNetwork(
  kernel: Kernel,
  shape: NetworkShape,
  parameters: Float32Array,
  gradients: Float32Array,
  maxBatch: number,
): Network {
  const { sizes } = shape;
  for (const name of [shape.activation, shape.outputActivation]) {
    if (activations.includes(name)) continue;
    throw new RangeError(
      `createNetwork: activation must be one of ${activations.join(", ")}, got ${JSON.stringify(name)}.`,
    );
  }
  const depth = sizes.length - 1;
  const layers = layersOf(shape, parameters);
  const slopes = layersOf(shape, gradients);
  const outputs = layers.map((layer) => kernel.float32(maxBatch * layer.outputs));
  const dOutputs = layers.slice(0, -1).map((layer) => kernel.float32(maxBatch * layer.outputs));
  let tangents: Float32Array[] | null = null;
  let input: Float32Array = outputs[0];

  /** From the last layer to the first: with `learn` the gradients of the parameters, with `below` that of the input. */
  function descend(dy: Float32Array, batch: number, below: InputGradient | undefined, learn: boolean): void {
    if (shape.outputActivation !== "identity") {
      const used = batch * sizes[depth];
      kernel.activationBackward(outputs[depth - 1].subarray(0, used), dy.subarray(0, used), shape.outputActivation);
    }
    let dz = dy;
    for (let i = depth - 1; i >= 0; i--) {
      const { weights, inputs, outputs: width } = layers[i];
      const x = i === 0 ? input : outputs[i - 1];
      if (learn) kernel.denseBackwardWeights(x, dz, slopes[i].weights, slopes[i].bias, batch, inputs, width);
      if (i > 0) {
        kernel.denseBackwardInput(dz, weights, x, dOutputs[i - 1], batch, inputs, width, shape.activation, false);
        dz = dOutputs[i - 1];
      } else if (below) {
        kernel.denseBackwardInput(dz, weights, x, below.dx, batch, inputs, width, below.activation, below.accumulate);
      }
    }
  }

  return {
    inputs: sizes[0],
    outputs: sizes[depth],
    layers,

    forward(x, batch) {
      input = x;
      let signal = x;
      for (let i = 0; i < depth; i++) {
        const { weights, bias, inputs, outputs: width, activation } = layers[i];
        kernel.denseForward(signal, weights, bias, outputs[i], batch, inputs, width, activation);
        signal = outputs[i];
      }
      return signal;
    },

    backward: (dy, batch, below) => descend(dy, batch, below, true),
    backwardInput: (dy, batch, below) => descend(dy, batch, below, false),

    jvp(tangent, batch, inputTangent) {
      const directions = layersOf(shape, tangent);
      tangents ??= layers.map((layer) => kernel.float32(maxBatch * layer.outputs));
      for (let i = 0; i < depth; i++) {
        const { weights, inputs, outputs: width, activation } = layers[i];
        const x = i === 0 ? input : outputs[i - 1];
        const xDot = i === 0 ? inputTangent : tangents[i - 1];
        const { weights: weightsDot, bias: biasDot } = directions[i];
        kernel.denseJvp(
          x,
          xDot,
          weights,
          weightsDot,
          biasDot,
          outputs[i],
          tangents[i],
          batch,
          inputs,
          width,
          activation,
        );
      }
      return tangents[depth - 1];
    },
  };
}

function layersOf({ sizes, activation, outputActivation }: NetworkShape, parameters: Float32Array): Layer[] {
  let offset = 0;
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i];
    const weights = parameters.subarray(offset, offset + inputs * outputs);
    offset += inputs * outputs;
    const bias = parameters.subarray(offset, offset + outputs);
    offset += outputs;
    return { inputs, outputs, weights, bias, activation: i === sizes.length - 2 ? outputActivation : activation };
  });
}
