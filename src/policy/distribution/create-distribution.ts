import type { Space } from "../../env/space.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { bernoulli } from "./bernoulli.ts";
import { categorical } from "./categorical.ts";
import type { Distribution } from "./distribution.ts";
import { gaussian } from "./gaussian.ts";

/** Which distribution an action space calls for, and how many network outputs it reads. */
export function distributionShape(space: Space): { readonly kind: Distribution["kind"]; readonly size: number } {
  switch (space.kind) {
    case "discrete":
      return { kind: "categorical", size: space.n };
    case "multi-discrete":
      return { kind: "categorical", size: space.nvec.reduce((sum, n) => sum + n, 0) };
    case "multi-binary":
      return { kind: "bernoulli", size: space.n };
    case "box":
      return { kind: "gaussian", size: space.low.length };
    case "dict":
    case "tuple":
      throw new TypeError(
        `distributionShape: no distribution over ${space.kind} actions; use discrete, multi-discrete, multi-binary or box.`,
      );
    default:
      throw new TypeError(`distributionShape: unknown space ${JSON.stringify(space satisfies never)}.`);
  }
}

/** `logStd` and its gradient, [actionSize], are used by the Gaussian alone. */
export function createDistribution(
  kernel: Kernel,
  space: Space,
  logStd: Float32Array,
  dLogStd: Float32Array,
  maxBatch: number,
): Distribution {
  const { kind, size } = distributionShape(space);
  switch (kind) {
    case "categorical":
      return categorical(kernel, space.kind === "multi-discrete" ? space.nvec : [size], maxBatch);
    case "bernoulli":
      return bernoulli(kernel, size, maxBatch);
    case "gaussian":
      return gaussian(kernel, logStd, dLogStd);
    default:
      throw new TypeError(`createDistribution: unknown distribution ${JSON.stringify(kind satisfies never)}.`);
  }
}
