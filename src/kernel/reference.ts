import type { Kernel } from "./kernel.ts";
import { createMemory, defaultBytes } from "./memory.ts";
import { activationBackward, biasActivate } from "./reference/activation.ts";
import { bernoulliBackward, bernoulliForward } from "./reference/bernoulli.ts";
import { categoricalBackward, categoricalForward } from "./reference/categorical.ts";
import { denseBackwardInput, denseBackwardWeights, denseForward, denseJvp } from "./reference/dense.ts";
import { gae } from "./reference/gae.ts";
import { gaussianBackward, gaussianForward } from "./reference/gaussian.ts";
import { adam, rmsProp, sgd } from "./reference/optimizer.ts";
import { squashedGaussianBackward, squashedGaussianForward } from "./reference/squashed-gaussian.ts";
import * as vector from "./reference/vector.ts";

/** Plain TypeScript, summing in double: slow, and what the fast kernel is measured against. */
export function referenceKernel({ bytes = defaultBytes }: { bytes?: number } = {}): Kernel {
  const memory = createMemory("referenceKernel", new ArrayBuffer(bytes), 0);
  return {
    name: "reference",
    float32: memory.float32,
    uint8: memory.uint8,
    int32: memory.int32,
    get bytesUsed() {
      return memory.bytesUsed;
    },
    denseForward,
    denseBackwardWeights,
    denseBackwardInput,
    denseJvp,
    biasActivate,
    activationBackward,
    ...vector,
    adam,
    rmsProp,
    sgd,
    gae,
    categoricalForward,
    categoricalBackward,
    bernoulliForward,
    bernoulliBackward,
    gaussianForward,
    gaussianBackward,
    squashedGaussianForward,
    squashedGaussianBackward,
  };
}
