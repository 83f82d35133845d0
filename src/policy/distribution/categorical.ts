import type { Kernel } from "../../kernel/kernel.ts";
import { exp, log } from "../../math/transcendental.ts";
import type { Distribution } from "./distribution.ts";

/** One choice out of sizes[g] in each group g: Discrete has one group, MultiDiscrete one a place. */
export function categorical(kernel: Kernel, sizes: readonly number[], maxBatch: number): Distribution {
  const size = sizes.reduce((sum, n) => sum + n, 0);
  const groups = kernel.int32(sizes.length);
  groups.set(sizes);
  const logSoftmax = kernel.float32(maxBatch * size);
  const actionSize = sizes.length;

  return {
    kind: "categorical",
    size,
    actionSize,

    sample(logits, masks, batch, random, actions, logProbs) {
      for (let row = 0, at = 0; row < batch; row++) {
        let logProb = 0;
        for (let group = 0; group < actionSize; group++) {
          const n = sizes[group];
          const largest = logits[argmax(logits, masks, at, n)];
          let total = 0;
          for (let i = at; i < at + n; i++) if (!masks || masks[i]) total += exp(logits[i] - largest);
          // Walk the cumulative chances until they pass a uniform number; the last allowed action takes what rounding leaves.
          let left = random.uniform() * total;
          let chosen = -1;
          for (let i = at; i < at + n; i++) {
            if (masks && !masks[i]) continue;
            chosen = i;
            left -= exp(logits[i] - largest);
            if (left < 0) break;
          }
          actions[row * actionSize + group] = chosen - at;
          logProb += logits[chosen] - largest - log(total);
          at += n;
        }
        logProbs[row] = logProb;
      }
    },

    mode(logits, masks, batch, actions) {
      for (let row = 0, at = 0; row < batch; row++) {
        for (let group = 0; group < actionSize; group++) {
          actions[row * actionSize + group] = argmax(logits, masks, at, sizes[group]) - at;
          at += sizes[group];
        }
      }
    },

    evaluate(logits, masks, actions, batch, logProbs, entropies) {
      kernel.categoricalForward(logits, masks, groups, actions, batch, logSoftmax, logProbs, entropies);
    },

    backward(_logits, actions, dLogProbs, dEntropies, batch, dLogits) {
      kernel.categoricalBackward(logSoftmax, groups, actions, dLogProbs, dEntropies, batch, dLogits);
    },

    divergence(p, q, batch, out) {
      for (let row = 0, at = 0; row < batch; row++) {
        let sum = 0;
        for (const n of sizes) {
          const logP = logNormalizer(p.outputs, p.masks ?? null, at, n);
          const logQ = logNormalizer(q.outputs, q.masks ?? null, at, n);
          for (let i = at; i < at + n; i++) {
            if (p.masks && !p.masks[i]) continue;
            const logChance = p.outputs[i] - logP;
            sum += exp(logChance) * (logChance - (q.outputs[i] - logQ));
          }
          at += n;
        }
        out[row] = sum;
      }
    },

    divergenceBackward(p, q, weights, batch, dOutputs) {
      for (let row = 0, at = 0; row < batch; row++) {
        for (const n of sizes) {
          const logP = logNormalizer(p.outputs, p.masks ?? null, at, n);
          const logQ = logNormalizer(q.outputs, q.masks ?? null, at, n);
          for (let i = at; i < at + n; i++) {
            const chanceP = p.masks && !p.masks[i] ? 0 : exp(p.outputs[i] - logP);
            const chanceQ = q.masks && !q.masks[i] ? 0 : exp(q.outputs[i] - logQ);
            dOutputs[i] = weights[row] * (chanceQ - chanceP);
          }
          at += n;
        }
      }
    },

    // diag(p) − p pᵀ, for each group
    metric(tangent, _logStdTangent, batch, dLogits) {
      for (let row = 0, at = 0; row < batch; row++) {
        for (const n of sizes) {
          let mean = 0;
          for (let i = at; i < at + n; i++) {
            dLogits[i] = exp(logSoftmax[i]);
            mean += dLogits[i] * tangent[i];
          }
          for (let i = at; i < at + n; i++) dLogits[i] *= (tangent[i] - mean) / batch;
          at += n;
        }
      }
    },
  };
}

/** Position of the largest allowed logit among n from `at`. */
function argmax(logits: Float32Array, masks: Uint8Array | null, at: number, n: number): number {
  let best = -1;
  for (let i = at; i < at + n; i++) {
    if (masks && !masks[i]) continue;
    if (best < 0 || logits[i] > logits[best]) best = i;
  }
  if (best < 0)
    throw new RangeError("categorical: the action mask forbids every action; at least one must be allowed.");
  return best;
}

function logNormalizer(logits: Float32Array, masks: Uint8Array | null, at: number, n: number): number {
  const largest = logits[argmax(logits, masks, at, n)];
  let total = 0;
  for (let i = at; i < at + n; i++) if (!masks || masks[i]) total += exp(logits[i] - largest);
  return largest + log(total);
}
