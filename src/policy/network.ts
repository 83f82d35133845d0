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
  /**
   * The gradient of x alone, without that of any parameter: the way back through a network that is not being trained.
   * With `rows`, only of these rows of the last `forward`: dy and dx then hold `batch` of them, in that order.
   */
  backwardInput(dy: Float32Array, batch: number, input: InputGradient, rows?: Int32Array): void;
  /**
   * Directional derivative of the last `forward` along `tangent`, laid out as the parameters are, [batch, outputs].
   * `inputTangent`, [batch, inputs], is how x changes on the way; null where it does not.
   */
  jvp(tangent: Float32Array, batch: number, inputTangent: Float32Array | null): Float32Array;
}

/** Where the gradient of a network's input goes: through `activation`, which made x. */
export interface InputGradient {
  /** [batch, inputs − from] */
  readonly dx: Float32Array;
  readonly activation: Activation;
  /** Add to dx instead of overwriting it. */
  readonly accumulate: boolean;
  /** The first input whose gradient is asked for, 0 unless told; above that, the activation must be "identity". */
  readonly from?: number;
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
  let packed: Float32Array[] | null = null;
  let input: Float32Array = outputs[0];

  /** dy becomes dz: what the last layer's activation lets through. */
  function throughOutput(dy: Float32Array, y: Float32Array, batch: number): void {
    if (shape.outputActivation === "identity") return;
    const used = batch * sizes[depth];
    kernel.activationBackward(y.subarray(0, used), dy.subarray(0, used), shape.outputActivation);
  }

  function backward(dy: Float32Array, batch: number, below?: InputGradient): void {
    throughOutput(dy, outputs[depth - 1], batch);
    let dz = dy;
    for (let i = depth - 1; i >= 0; i--) {
      const { inputs, outputs: width } = layers[i];
      const x = i === 0 ? input : outputs[i - 1];
      kernel.denseBackwardWeights(x, dz, slopes[i].weights, slopes[i].bias, batch, inputs, width);
      dz = toInput(i, dz, x, batch, below);
    }
  }

  function backwardInput(dy: Float32Array, batch: number, below: InputGradient, rows?: Int32Array): void {
    const seen = rows ? gathered(rows, batch) : outputs;
    throughOutput(dy, seen[depth - 1], batch);
    let dz = dy;
    for (let i = depth - 1; i >= 0; i--) dz = toInput(i, dz, i === 0 ? input : seen[i - 1], batch, below);
  }

  /** From layer i's dz to the one before it, or through the first layer to what is `below`. */
  function toInput(i: number, dz: Float32Array, x: Float32Array, batch: number, below?: InputGradient): Float32Array {
    const { weights, inputs, outputs: width } = layers[i];
    if (i > 0) {
      kernel.denseBackwardInput(dz, weights, x, dOutputs[i - 1], batch, inputs, width, shape.activation, false);
      return dOutputs[i - 1];
    }
    if (below) {
      const { dx, activation, accumulate, from = 0 } = below;
      const rest = weights.subarray(from * width);
      kernel.denseBackwardInput(dz, rest, x, dx, batch, inputs - from, width, activation, accumulate);
    }
    return dz;
  }

  /** These rows of every layer's output. */
  function gathered(rows: Int32Array, count: number): Float32Array[] {
    packed ??= layers.map((layer) => kernel.float32(maxBatch * layer.outputs));
    layers.forEach((layer, i) => {
      kernel.gatherRows(outputs[i], rows, (packed as Float32Array[])[i], count, layer.outputs);
    });
    return packed;
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

    backward,
    backwardInput,

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
