import type { Kernel } from "../../kernel/kernel.ts";
import { exp } from "../../math/transcendental.ts";
import type { Distribution } from "./distribution.ts";

const LOG_SQRT_2_PI = 0.9189385332046727;

/** Diagonal Gaussian whose spread does not depend on the state. `logStd` and `dLogStd`, [size], are views of the flat arrays. */
export function gaussian(kernel: Kernel, logStd: Float32Array, dLogStd: Float32Array): Distribution {
  const size = logStd.length;
  return {
    kind: "gaussian",
    size,
    actionSize: size,

    sample(means, _masks, batch, random, actions, logProbs) {
      for (let row = 0, i = 0; row < batch; row++) {
        let logProb = 0;
        for (let dimension = 0; dimension < size; dimension++, i++) {
          const noise = random.normal();
          actions[i] = means[i] + exp(logStd[dimension]) * noise;
          logProb -= 0.5 * noise * noise + logStd[dimension] + LOG_SQRT_2_PI;
        }
        logProbs[row] = logProb;
      }
    },

    mode(means, _masks, batch, actions) {
      actions.set(means.subarray(0, batch * size));
    },

    evaluate(means, _masks, actions, batch, logProbs, entropies) {
      kernel.gaussianForward(means, logStd, actions, batch, size, logProbs, entropies);
    },

    backward(means, actions, dLogProbs, dEntropies, batch, dMeans) {
      kernel.gaussianBackward(means, logStd, actions, dLogProbs, dEntropies, batch, size, dMeans, dLogStd);
    },

    divergence(p, q, batch, out) {
      const logStdP = p.logStd ?? logStd;
      const logStdQ = q.logStd ?? logStd;
      for (let row = 0, i = 0; row < batch; row++) {
        let sum = 0;
        for (let dimension = 0; dimension < size; dimension++, i++) {
          const gap = logStdP[dimension] - logStdQ[dimension];
          const distance = (p.outputs[i] - q.outputs[i]) / exp(logStdQ[dimension]);
          sum += -gap + 0.5 * (exp(2 * gap) + distance * distance - 1);
        }
        out[row] = sum;
      }
    },

    divergenceBackward(p, q, weights, batch, dMeans) {
      const logStdP = p.logStd ?? logStd;
      const logStdQ = q.logStd ?? logStd;
      dLogStd.fill(0);
      for (let row = 0, i = 0; row < batch; row++) {
        for (let dimension = 0; dimension < size; dimension++, i++) {
          const deviation = exp(logStdQ[dimension]);
          const distance = (q.outputs[i] - p.outputs[i]) / deviation;
          const spread = exp(2 * (logStdP[dimension] - logStdQ[dimension]));
          dMeans[i] = (weights[row] * distance) / deviation;
          dLogStd[dimension] += weights[row] * (1 - spread - distance * distance);
        }
      }
    },

    // 1/σ² for a mean, 2 for log σ
    metric(tangent, logStdTangent, batch, dMeans) {
      for (let dimension = 0; dimension < size; dimension++) {
        const weight = exp(-2 * logStd[dimension]) / batch;
        for (let i = dimension; i < batch * size; i += size) dMeans[i] = weight * tangent[i];
        dLogStd[dimension] = 2 * logStdTangent[dimension];
      }
    },
  };
}
