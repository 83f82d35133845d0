import { expect } from "vitest";
import type { Layer } from "../src/policy/policy.ts";
import { expectClose } from "./fixture.ts";

/** torch's names; matrices are [out][in]. */
export type TorchWeights = Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;

/** torch's linear layers that make one of ours, their outputs side by side. */
export type TorchLayer = readonly string[];

/** The names of layers `<name>.0`, `<name>.2`, … as torch.nn.Sequential counts them with activations in between. */
export function sequential(name: string, depth: number): TorchLayer[] {
  return Array.from({ length: depth }, (_, i) => [`${name}.${2 * i}`]);
}

export function loadWeights(layers: readonly Layer[], names: readonly TorchLayer[], weights: TorchWeights): void {
  layers.forEach((layer, i) => {
    const torch = torchLayer(names[i], weights);
    layer.weights.set(torch.weights);
    layer.bias.set(torch.bias);
  });
}

export function expectWeights(layers: readonly Layer[], names: readonly TorchLayer[], weights: TorchWeights): void {
  const tolerance = { relative: 1e-4, absolute: 1e-5 };
  expect(layers.length).toBe(names.length);
  layers.forEach((layer, i) => {
    const torch = torchLayer(names[i], weights);
    expectClose(layer.weights, torch.weights, `${names[i]}, weights after the update`, tolerance);
    expectClose(layer.bias, torch.bias, `${names[i]}, bias after the update`, tolerance);
  });
}

/** As ours are laid out: entry [input, output] is torch's [output][input]. */
function torchLayer(names: TorchLayer, weights: TorchWeights): { weights: number[]; bias: number[] } {
  const rows = names.flatMap((name) => tensor<readonly number[]>(weights, `${name}.weight`));
  return {
    weights: rows[0].flatMap((_, input) => rows.map((row) => row[input])),
    bias: names.flatMap((name) => tensor<number>(weights, `${name}.bias`)),
  };
}

function tensor<Entry>(weights: TorchWeights, name: string): readonly Entry[] {
  const found = weights[name];
  if (found === undefined) throw new Error(`the fixture has no tensor ${name}`);
  return found as unknown as readonly Entry[];
}

/** The critics qf0, qf1, … that a case has. */
export function criticsIn(weights: TorchWeights): number {
  let count = 0;
  while (`critic.qf${count}.0.weight` in weights) count++;
  return count;
}
