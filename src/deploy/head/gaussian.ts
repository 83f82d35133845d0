import { stretch } from "../../env/bounded.ts";
import type { Box } from "../../env/space.ts";
import { clampLogStd } from "../../math/log-std.ts";
import { exp, tanh } from "../../math/transcendental.ts";
import type { Head } from "./head.ts";

/** Diagonal, with a deviation that does not depend on the state. */
export function gaussianHead({ low, high }: Box, logStd: Float32Array): Head {
  return {
    outputs: logStd.length,
    maskLength: 0,
    choose(mean, action, _mask, random) {
      for (let i = 0; i < mean.length; i++) {
        const wanted = random ? mean[i] + exp(logStd[i]) * random.normal() : mean[i];
        action[i] = Math.min(Math.max(wanted, low[i]), high[i]);
      }
    },
    distribution: (mean) => ({ kind: "gaussian", mean: mean.slice(), standardDeviation: logStd.map(exp) }),
  };
}

/** Of a network that puts out [means | log standard deviations], drawn, squashed by tanh and stretched to the Box. */
export function squashedGaussianHead(space: Box): Head {
  const size = space.low.length;
  return {
    outputs: 2 * size,
    maskLength: 0,
    choose(outputs, action, _mask, random) {
      for (let i = 0; i < size; i++) {
        const deviation = exp(clampLogStd(outputs[size + i]));
        action[i] = tanh(random ? outputs[i] + deviation * random.normal() : outputs[i]);
      }
      stretch(space, action, action);
    },
    distribution: (outputs) => ({
      kind: "squashed-gaussian",
      mean: outputs.slice(0, size),
      standardDeviation: outputs.slice(size).map((logStd) => exp(clampLogStd(logStd))),
    }),
  };
}
