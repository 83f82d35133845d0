import { box, discrete } from "belay-rl";
import { encodePolicy, parametersHash } from "belay-rl/deploy";
import type { Definition } from "belay-rl/recovery";

/** The file of a policy written by hand: one layer, whose logits are these numbers, by name of choice, whatever is seen; others 0. */
export function handPolicy(
  { encoder, choices, name }: Definition,
  logits: Readonly<Record<string, number>>,
): Uint8Array {
  const [inputs, outputs] = [encoder.size, choices.length];
  const bias = Float32Array.from(choices, (choice) => logits[choice.name] ?? 0);
  const layer = { inputs, outputs, activation: "identity", weights: new Float32Array(inputs * outputs), bias } as const;
  const spaces = {
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [inputs] }),
    actionSpace: discrete(outputs),
  };
  const parametersOf = parametersHash(bias);
  return encodePolicy(
    { ...spaces, distribution: "categorical", layers: [layer], logStd: null, normalization: null },
    {
      algorithm: "by hand",
      environment: name,
      seed: 0,
      steps: 0,
      options: {},
      version: "0",
      parametersHash: parametersOf,
    },
  );
}
