import type { Random } from "../math/random.ts";
import type { Layer } from "./policy.ts";

/** Fills a layer's weights and bias evenly from ±1/√inputs, as PyTorch does unless told otherwise. */
export function fanInUniform({ weights, bias, inputs }: Layer, random: Random): void {
  const bound = 1 / Math.sqrt(inputs);
  for (let i = 0; i < weights.length; i++) weights[i] = bound * (2 * random.uniform() - 1);
  for (let i = 0; i < bias.length; i++) bias[i] = bound * (2 * random.uniform() - 1);
}
