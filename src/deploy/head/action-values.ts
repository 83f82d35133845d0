import type { ValueSupport } from "../../policy/policy.ts";
import { largest, softmax } from "./choice.ts";
import type { Head } from "./head.ts";

/** Of a network that puts out Q(s, ·): the best action, whatever chance says. */
export function actionValuesHead(actions: number): Head {
  return {
    outputs: actions,
    maskLength: actions,
    choose(values, action, mask) {
      action[0] = largest(values, mask, 0, actions);
    },
    distribution: (values, mask) => ({ kind: "action-values", values: values.map(forbid(mask)) }),
  };
}

/** Of a network that puts out logits of Z(s, ·) over a support: the action of the best mean. */
export function valueDistributionHead(actions: number, { low, high, atoms }: ValueSupport): Head {
  const probabilities = new Float32Array(actions * atoms);
  const sizes = new Array<number>(actions).fill(atoms);
  const values = new Float32Array(actions);
  const spacing = atoms > 1 ? (high - low) / (atoms - 1) : 0;

  function weigh(logits: Float32Array): void {
    softmax(logits, undefined, sizes, probabilities);
    for (let action = 0, i = 0; action < actions; action++) {
      let mean = 0;
      for (let atom = 0; atom < atoms; atom++, i++) mean += probabilities[i] * (low + atom * spacing);
      values[action] = mean;
    }
  }

  return {
    outputs: actions * atoms,
    maskLength: actions,
    choose(logits, action, mask) {
      weigh(logits);
      action[0] = largest(values, mask, 0, actions);
    },
    distribution(logits, mask) {
      weigh(logits);
      return {
        kind: "value-distribution",
        probabilities: probabilities.slice(),
        values: values.map(forbid(mask)),
      };
    },
  };
}

const forbid = (mask: Uint8Array | undefined) => (value: number, action: number) =>
  mask?.[action] === 0 ? -Infinity : value;
