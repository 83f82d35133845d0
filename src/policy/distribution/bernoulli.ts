import type { Kernel } from "../../kernel/kernel.ts";
import { exp, log1p } from "../../math/transcendental.ts";
import type { Distribution } from "./distribution.ts";

/** n independent switches, each on with probability σ(logit). */
export function bernoulli(kernel: Kernel, size: number): Distribution {
  return {
    kind: "bernoulli",
    size,
    actionSize: size,

    sample(logits, _masks, batch, random, actions, logProbs) {
      for (let row = 0, i = 0; row < batch; row++) {
        let logProb = 0;
        for (let end = i + size; i < end; i++) {
          const on = random.uniform() < exp(-softplus(-logits[i]));
          actions[i] = on ? 1 : 0;
          logProb -= softplus(on ? -logits[i] : logits[i]);
        }
        logProbs[row] = logProb;
      }
    },

    mode(logits, _masks, batch, actions) {
      for (let i = 0; i < batch * size; i++) actions[i] = logits[i] > 0 ? 1 : 0;
    },

    evaluate(logits, _masks, actions, batch, logProbs, entropies) {
      kernel.bernoulliForward(logits, actions, batch, size, logProbs, entropies);
    },

    backward(logits, actions, dLogProbs, dEntropies, batch, dLogits) {
      kernel.bernoulliBackward(logits, actions, dLogProbs, dEntropies, batch, size, dLogits);
    },

    divergence(p, q, batch, out) {
      for (let row = 0, i = 0; row < batch; row++) {
        let sum = 0;
        for (let end = i + size; i < end; i++) {
          const [a, b] = [p.outputs[i], q.outputs[i]];
          sum += exp(-softplus(-a)) * (softplus(-b) - softplus(-a)) + exp(-softplus(a)) * (softplus(b) - softplus(a));
        }
        out[row] = sum;
      }
    },

    divergenceBackward(p, q, weights, batch, dOutputs) {
      for (let i = 0; i < batch * size; i++) {
        const weight = weights[Math.floor(i / size)];
        dOutputs[i] = weight * (exp(-softplus(-q.outputs[i])) - exp(-softplus(-p.outputs[i])));
      }
    },
  };
}

/** log(1 + eˣ), without overflow; σ(x) = exp(−softplus(−x)). */
function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}
