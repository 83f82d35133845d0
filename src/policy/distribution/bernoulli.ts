import type { Kernel } from "../../kernel/kernel.ts";
import { exp, log1p } from "../../math/transcendental.ts";
import type { Distribution } from "./distribution.ts";

/** n independent switches, each on with probability σ(logit); a masked one stays off for certain. */
export function bernoulli(kernel: Kernel, size: number, maxBatch: number): Distribution {
  const masked = kernel.float32(maxBatch * size);
  /** The logits of the last `evaluate`, masked where there was a mask. */
  let evaluated: Float32Array = masked;

  return {
    kind: "bernoulli",
    size,
    actionSize: size,

    sample(logits, masks, batch, random, actions, logProbs) {
      for (let row = 0, i = 0; row < batch; row++) {
        let logProb = 0;
        for (let end = i + size; i < end; i++) {
          const logit = logitAt(logits, masks, i);
          const on = random.uniform() < exp(-softplus(-logit));
          actions[i] = on ? 1 : 0;
          logProb -= softplus(on ? -logit : logit);
        }
        logProbs[row] = logProb;
      }
    },

    mode(logits, masks, batch, actions) {
      for (let i = 0; i < batch * size; i++) actions[i] = logitAt(logits, masks, i) > 0 ? 1 : 0;
    },

    evaluate(logits, masks, actions, batch, logProbs, entropies) {
      if (masks) for (let i = 0; i < batch * size; i++) masked[i] = logitAt(logits, masks, i);
      evaluated = masks ? masked : logits;
      kernel.bernoulliForward(evaluated, actions, batch, size, logProbs, entropies);
    },

    backward(_logits, actions, dLogProbs, dEntropies, batch, dLogits) {
      kernel.bernoulliBackward(evaluated, actions, dLogProbs, dEntropies, batch, size, dLogits);
    },

    divergence(p, q, batch, out) {
      for (let row = 0, i = 0; row < batch; row++) {
        let sum = 0;
        for (let end = i + size; i < end; i++) {
          const [a, b] = [logitAt(p.outputs, p.masks, i), logitAt(q.outputs, q.masks, i)];
          sum += exp(-softplus(-a)) * (softplus(-b) - softplus(-a)) + exp(-softplus(a)) * (softplus(b) - softplus(a));
        }
        out[row] = sum;
      }
    },

    divergenceBackward(p, q, weights, batch, dOutputs) {
      for (let i = 0; i < batch * size; i++) {
        const [a, b] = [logitAt(p.outputs, p.masks, i), logitAt(q.outputs, q.masks, i)];
        const slope = b === forbidden ? 0 : exp(-softplus(-b)) - exp(-softplus(-a));
        dOutputs[i] = weights[Math.floor(i / size)] * slope;
      }
    },

    // p (1 − p)
    metric(tangent, _logStdTangent, batch, dLogits) {
      for (let i = 0; i < batch * size; i++) {
        dLogits[i] = (exp(-softplus(evaluated[i]) - softplus(-evaluated[i])) * tangent[i]) / batch;
      }
    },
  };
}

/** Of a masked switch: e^−10000 is 0, so that its log-probability, its entropy and its slope are 0 too. */
const forbidden = -1e4;

function logitAt(logits: Float32Array, masks: Uint8Array | null | undefined, i: number): number {
  return masks && !masks[i] ? forbidden : logits[i];
}

/** log(1 + eˣ), without overflow; σ(x) = exp(−softplus(−x)). */
function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}
