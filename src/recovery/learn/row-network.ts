import { box, discrete } from "../../env/space.ts";
import { wasmKernel } from "../../kernel/wasm-kernel.ts";
import type { Random } from "../../math/random.ts";
import { adam } from "../../optimizer/adam.ts";
import { createActionValues } from "../../policy/action-values.ts";
import { shuffle } from "../../rollout/minibatches.ts";
import type { Definition } from "../definition.ts";

/** Writes the slope of the loss at each output of a minibatch, [count, choices]; output i is of row `rows[i]`. */
export type Slope = (outputs: Float32Array, rows: Int32Array, count: number, slopes: Float32Array) => void;

export interface Passes {
  readonly epochs: number;
  /** Minibatches at least: a short log is passed over more often. */
  readonly minSteps: number;
  /** Falls linearly to 0. */
  readonly learningRate: number;
}

/** A network with an output for each choice, taught by rows of a log. Its work yields after every minibatch, so that nobody need wait for the end. */
export type RowNetwork = ReturnType<typeof createRowNetwork>;

export function createRowNetwork(
  { encoder, choices }: Definition,
  { hidden, batchSize }: { readonly hidden: readonly number[]; readonly batchSize: number },
  random: Random,
) {
  const [inputs, width] = [encoder.size, choices.length];
  const spaces = {
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [inputs] }),
    actionSpace: discrete(width),
  };
  const kernel = wasmKernel();
  const shape = { hidden, activation: "tanh", dueling: false } as const;
  const network = createActionValues(kernel, spaces, shape, batchSize, random.split());
  const optimizer = adam(kernel, network.parameters, network.gradients);
  const seen = kernel.float32(batchSize * inputs);
  const slopes = kernel.float32(batchSize * width);

  return {
    spaces,
    network,

    /** Passes over the rows named in `order`, which it shuffles. */
    *fit(observations: Float32Array, order: Int32Array, slope: Slope, { epochs, minSteps, learningRate }: Passes) {
      const steps = Math.max(minSteps, epochs * Math.ceil(order.length / batchSize));
      let taken = 0;
      while (taken < steps) {
        shuffle(order, random);
        for (let start = 0; start < order.length && taken < steps; start += batchSize) {
          const rows = order.subarray(start, start + batchSize);
          for (let i = 0; i < rows.length; i++) {
            seen.set(observations.subarray(rows[i] * inputs, (rows[i] + 1) * inputs), i * inputs);
          }
          slope(network.forward(seen, rows.length), rows, rows.length, slopes);
          network.backward(slopes, rows.length);
          optimizer.step(learningRate * (1 - taken++ / steps), 1);
          yield;
        }
      }
    },

    /** What it gives for each row, into `out` [n, choices]. */
    *evaluate(observations: Float32Array, out: Float32Array) {
      const size = observations.length / inputs;
      for (let start = 0; start < size; start += batchSize) {
        const count = Math.min(batchSize, size - start);
        seen.set(observations.subarray(start * inputs, (start + count) * inputs));
        out.set(network.forward(seen, count).subarray(0, count * width), start * width);
        yield;
      }
    },
  };
}
