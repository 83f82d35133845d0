export { activationBackward, biasActivate } from "./activation";
export { denseBackwardInput, denseBackwardWeights, denseForward, denseJvp, weightRows } from "./dense";
export {
  bernoulliBackward, bernoulliForward, categoricalBackward, categoricalForward, gaussianBackward, gaussianForward,
  squashedGaussianBackward, squashedGaussianForward,
} from "./distribution";
export { gae } from "./estimate";
export { adam, flushMoments, rmsProp, sgd } from "./optimizer";
export { adamRows, forwardRows, inputRows, jvpRows } from "./rows";
export { scratchBytes, scratchEnd, useScratch } from "./scratch";
export { runTile, tileOperations } from "./tile";
export { cos, exp, log, sin, tanh } from "./transcendental";
export { addScaled, columnSums, gatherRows, normalizeColumns, polyak, scale, squaredNorm, standardize } from "./vector";
