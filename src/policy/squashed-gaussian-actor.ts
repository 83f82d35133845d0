import type { Activation, Kernel } from "../kernel/kernel.ts";
import { clampLogStd } from "../math/log-std.ts";
import type { Random } from "../math/random.ts";
import type { Draw } from "./actor-critic.ts";
import { createNetwork, type Network, type NetworkShape } from "./network.ts";

/** π(a|s) = tanh of a Gaussian whose mean and log standard deviation a network puts out, [means | log deviations]. */
export interface SquashedGaussianActor {
  readonly network: Network;
  /** a = tanh(μ + σ ε) and log π(a|s) for given noise ε, [batch, actionSize]. */
  sample(observations: Float32Array, noise: Float32Array, batch: number, out: Draw): void;
  /** From the slopes at what the last `sample` drew to the network's gradients, the noise held fixed. */
  backward(dActions: Float32Array, dLogProbs: Float32Array, batch: number): void;
}

export function squashedGaussianShape(
  observationSize: number,
  actionSize: number,
  { hidden, activation }: { readonly hidden: readonly number[]; readonly activation: Activation },
): NetworkShape {
  return { sizes: [observationSize, ...hidden, 2 * actionSize], activation, outputActivation: "identity" };
}

export function createSquashedGaussianActor(
  kernel: Kernel,
  shape: NetworkShape,
  parameters: Float32Array,
  gradients: Float32Array,
  maxBatch: number,
): SquashedGaussianActor {
  const network = createNetwork(kernel, shape, parameters, gradients, maxBatch);
  const size = network.outputs / 2;
  const numbers = () => kernel.float32(maxBatch * size);
  const [mean, logStd, dMean, dLogStd] = [numbers(), numbers(), numbers(), numbers()];
  const dOutputs = kernel.float32(maxBatch * network.outputs);
  let outputs: Float32Array = dOutputs;
  let drawn = { noise: dMean, actions: dMean };

  return {
    network,

    sample(observations, noise, batch, out) {
      outputs = network.forward(observations, batch);
      for (let row = 0, i = 0; row < batch; row++) {
        for (let dimension = 0; dimension < size; dimension++, i++) {
          mean[i] = outputs[2 * size * row + dimension];
          logStd[i] = clampLogStd(outputs[2 * size * row + size + dimension]);
        }
      }
      kernel.squashedGaussianForward(mean, logStd, noise, batch, size, out.actions, out.logProbs);
      drawn = { noise, actions: out.actions };
    },

    backward(dActions, dLogProbs, batch) {
      const { noise, actions } = drawn;
      kernel.squashedGaussianBackward(logStd, noise, actions, dActions, dLogProbs, batch, size, dMean, dLogStd);
      for (let row = 0, i = 0; row < batch; row++) {
        for (let dimension = 0; dimension < size; dimension++, i++) {
          const spread = 2 * size * row + size + dimension;
          dOutputs[spread - size] = dMean[i];
          dOutputs[spread] = outputs[spread] === logStd[i] ? dLogStd[i] : 0; // a clamped one has no slope
        }
      }
      network.backward(dOutputs, batch);
    },
  };
}

/** Standard normal noise. With a correlation ρ, each number keeps that share of what it was: ε ← ρ ε + √(1 − ρ²) ξ. */
export function fillWithNormals(noise: Float32Array, random: Random, correlation = 0): void {
  const fresh = Math.sqrt(1 - correlation * correlation);
  for (let i = 0; i < noise.length; i++) noise[i] = correlation * noise[i] + fresh * random.normal();
}
