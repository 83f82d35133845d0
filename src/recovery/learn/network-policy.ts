import type { SavedPolicy } from "../../deploy/policy-file.ts";
import { denseForward } from "../../kernel/reference/dense.ts";
import { exp } from "../../math/transcendental.ts";
import type { Layer } from "../../policy/policy.ts";
import type { Definition } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import { differenceOf, shapeOf } from "./shape.ts";

/** A trained network as the planner asks it: forward, mask, softmax. A decision allocates nothing. */
export function networkPolicy(
  saved: SavedPolicy,
  { name, encoder, choices }: Pick<Definition, "name" | "encoder" | "choices">,
): RecoveryPolicy {
  const { layers, distribution, normalization, training } = saved;
  if (distribution !== "categorical" || normalization !== null || layers.length === 0) {
    throw new TypeError(
      `networkPolicy: ${name} needs a network that gives the logits of its choices and sees observations as they are, got ` +
        `a ${distribution} policy${normalization ? " with normalisation" : ""}.`,
    );
  }
  const [inputs, outputs] = [layers[0].inputs, layers[layers.length - 1].outputs];
  if (inputs !== encoder.size || outputs !== choices.length) {
    throw new RangeError(
      `networkPolicy: ${name} has ${encoder.size} inputs and ${choices.length} choices, ` +
        `the policy was trained for ${inputs} and ${outputs}: its features, classes or actions have changed since.`,
    );
  }
  const difference = differenceOf(training.options["planner"], shapeOf({ encoder, choices }));
  if (difference !== null) {
    throw new TypeError(`networkPolicy: the policy was trained for another planner than ${name}: ${difference}.`);
  }
  const signals = layers.map((layer) => new Float32Array(layer.outputs));
  return {
    hash: training.parametersHash,
    probabilities(observation, mask, out) {
      const logits = forward(layers, observation, signals);
      maskedSoftmax(logits, mask, out);
    },
  };
}

function forward(layers: readonly Layer[], observation: Float32Array, signals: readonly Float32Array[]): Float32Array {
  let signal = observation;
  for (let i = 0; i < layers.length; i++) {
    const { weights, bias, inputs, outputs, activation } = layers[i];
    denseForward(signal, weights, bias, signals[i], 1, inputs, outputs, activation);
    signal = signals[i];
  }
  return signal;
}

/** exp(zᵢ − max z) / Σ over what is allowed. What is not finite stays so, for the planner to see. */
function maskedSoftmax(logits: Float32Array, mask: Uint8Array, out: Float32Array): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < out.length; i++) if (mask[i] !== 0 && !(logits[i] <= highest)) highest = logits[i];
  let sum = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = mask[i] === 0 ? 0 : exp(logits[i] - highest);
    sum += out[i];
  }
  for (let i = 0; i < out.length; i++) out[i] /= sum;
}
