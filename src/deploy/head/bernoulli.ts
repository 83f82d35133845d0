import { exp } from "../../math/transcendental.ts";
import type { Head } from "./head.ts";

/** Independent switches; a forbidden one stays off. */
export function bernoulliHead(outputs: number): Head {
  const probability = (logit: number) => 1 / (1 + exp(-logit));
  return {
    outputs,
    maskLength: outputs,
    choose(logits, action, mask, random) {
      for (let i = 0; i < outputs; i++) {
        const on = random ? random.uniform() < probability(logits[i]) : logits[i] > 0;
        action[i] = Number(on && mask?.[i] !== 0);
      }
    },
    distribution(logits, mask) {
      const probabilities = logits.map((logit, i) => (mask?.[i] === 0 ? 0 : probability(logit)));
      return { kind: "bernoulli", probabilities };
    },
  };
}
