import type { SavedPolicy } from "../../deploy/policy-file.ts";
import { parametersHash } from "../../deploy/policy-file.ts";
import { box, discrete } from "../../env/space.ts";
import { createRandom } from "../../math/random.ts";
import type { Layer } from "../../policy/policy.ts";
import type { Definition } from "../definition.ts";

/** A policy of the planner's shape that nobody trained: hidden layers by chance, and these logits, by choice, whatever it sees; others 0. */
export function constantPolicy(
  { encoder, choices, name }: Definition,
  logits: Readonly<Record<string, number>>,
  hidden: readonly number[] = [],
): SavedPolicy {
  const random = createRandom(0);
  const widths = [encoder.size, ...hidden, choices.length];
  const layers = widths.slice(1).map((outputs, i): Layer => {
    const isLast = i === hidden.length;
    const weights = Float32Array.from({ length: widths[i] * outputs }, () => (isLast ? 0 : 0.2 * random.normal()));
    const bias = isLast ? choices.map((choice) => logits[choice.name] ?? 0) : new Array(outputs).fill(0);
    return {
      inputs: widths[i],
      outputs,
      activation: isLast ? "identity" : "tanh",
      weights,
      bias: Float32Array.from(bias),
    };
  });
  const hash = parametersHash(layers[layers.length - 1].bias);
  return {
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [encoder.size] }),
    actionSpace: discrete(choices.length),
    distribution: "categorical",
    layers,
    logStd: null,
    normalization: null,
    training: {
      algorithm: "none",
      environment: name,
      seed: 0,
      steps: 0,
      options: {},
      version: "0",
      parametersHash: hash,
    },
  };
}
