import type { Activation, Kernel } from "../kernel.ts";
import { createMemory } from "../memory.ts";
import type { TileRunner } from "../peak.ts";
import { adamCorrections, flushInterval } from "../reference/optimizer.ts";
import type { WasmExports } from "./exports.ts";
import type { WasmMemory } from "./web-assembly.ts";

/** As numbered in assembly/activation.ts. */
export const activationCodes = { identity: 0, tanh: 1, relu: 2, elu: 3 } as const satisfies Record<Activation, number>;

/** A kernel, and where its arrays lie. */
export interface WasmKernel extends Kernel, TileRunner {
  readonly memory: WasmMemory;
}

/** The compiled functions as a kernel; only one that owns its memory hands out arrays of it. */
export function bind(wasm: WasmExports, home: WasmMemory, owned: boolean): WasmKernel {
  const { buffer } = home;
  const memory = createMemory("wasmKernel", buffer, owned ? wasm.scratchEnd.value : buffer.byteLength);
  return {
    name: "wasm",
    memory: home,
    tileOperations: wasm.tileOperations.value,
    runTile: (times) => wasm.runTile(times),
    float32: memory.float32,
    uint8: memory.uint8,
    int32: memory.int32,
    get bytesUsed() {
      return memory.bytesUsed;
    },

    denseForward: (x, weights, bias, y, batch, inputs, outputs, activation) =>
      wasm.denseForward(
        x.byteOffset,
        weights.byteOffset,
        bias.byteOffset,
        y.byteOffset,
        batch,
        inputs,
        outputs,
        activationCodes[activation],
      ),
    denseBackwardWeights: (x, dz, dWeights, dBias, batch, inputs, outputs) =>
      wasm.denseBackwardWeights(
        x.byteOffset,
        dz.byteOffset,
        dWeights.byteOffset,
        dBias.byteOffset,
        batch,
        inputs,
        outputs,
      ),
    denseBackwardInput: (dz, weights, x, dx, batch, inputs, outputs, activation, accumulate) =>
      wasm.denseBackwardInput(
        dz.byteOffset,
        weights.byteOffset,
        x.byteOffset,
        dx.byteOffset,
        batch,
        inputs,
        outputs,
        activationCodes[activation],
        accumulate,
      ),
    denseJvp: (x, xDot, weights, weightsDot, biasDot, y, yDot, batch, inputs, outputs, activation) =>
      wasm.denseJvp(
        x.byteOffset,
        xDot ? xDot.byteOffset : 0,
        weights.byteOffset,
        weightsDot.byteOffset,
        biasDot.byteOffset,
        y.byteOffset,
        yDot.byteOffset,
        batch,
        inputs,
        outputs,
        activationCodes[activation],
      ),
    biasActivate: (y, bias, rows, columns, activation) =>
      wasm.biasActivate(y.byteOffset, bias.byteOffset, rows, columns, activationCodes[activation]),
    activationBackward: (y, dy, activation) =>
      wasm.activationBackward(y.byteOffset, dy.byteOffset, dy.length, activationCodes[activation]),

    columnSums: (x, out, rows, columns) => wasm.columnSums(x.byteOffset, out.byteOffset, rows, columns),
    squaredNorm: (x) => wasm.squaredNorm(x.byteOffset, x.length),
    addScaled: (y, a, x) => wasm.addScaled(y.byteOffset, a, x.byteOffset, y.length),
    scale: (x, a) => wasm.scale(x.byteOffset, a, x.length),
    polyak: (target, source, tau) => wasm.polyak(target.byteOffset, source.byteOffset, tau, target.length),
    gatherRows: (source, indices, out, count, size) =>
      wasm.gatherRows(source.byteOffset, indices.byteOffset, out.byteOffset, count, size),
    standardize: (x) => wasm.standardize(x.byteOffset, x.length),
    normalizeColumns: (x, mean, inverseDeviation, limit, out, rows, columns) =>
      wasm.normalizeColumns(
        x.byteOffset,
        mean.byteOffset,
        inverseDeviation.byteOffset,
        limit,
        out.byteOffset,
        rows,
        columns,
      ),
    exp: (x, out) => wasm.exp(x.byteOffset, out.byteOffset, x.length),
    log: (x, out) => wasm.log(x.byteOffset, out.byteOffset, x.length),
    tanh: (x, out) => wasm.tanh(x.byteOffset, out.byteOffset, x.length),
    sin: (x, out) => wasm.sin(x.byteOffset, out.byteOffset, x.length),
    cos: (x, out) => wasm.cos(x.byteOffset, out.byteOffset, x.length),

    adam(parameters, gradients, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon, gradientScale) {
      const f = adamFactors(step, learningRate, beta1, beta2, epsilon, gradientScale);
      wasm.adam(
        parameters.byteOffset,
        gradients.byteOffset,
        firstMoment.byteOffset,
        secondMoment.byteOffset,
        parameters.length,
        f.beta1,
        f.a,
        f.beta2,
        f.b,
        f.stepSize,
        f.epsilon,
      );
      flushMoments(wasm, step, firstMoment, secondMoment);
    },
    rmsProp: (parameters, gradients, meanSquare, learningRate, decay, epsilon, epsilonInside, gradientScale) =>
      wasm.rmsProp(
        parameters.byteOffset,
        gradients.byteOffset,
        meanSquare.byteOffset,
        parameters.length,
        learningRate,
        decay,
        1 - decay,
        epsilon,
        epsilonInside,
        gradientScale,
      ),
    sgd: (parameters, gradients, learningRate, gradientScale) =>
      wasm.sgd(parameters.byteOffset, gradients.byteOffset, parameters.length, learningRate, gradientScale),

    gae: (rewards, values, nextValues, terminated, truncated, advantages, returns, T, N, discount, lambda) =>
      wasm.gae(
        rewards.byteOffset,
        values.byteOffset,
        nextValues.byteOffset,
        terminated.byteOffset,
        truncated.byteOffset,
        advantages.byteOffset,
        returns.byteOffset,
        T,
        N,
        discount,
        lambda,
      ),

    categoricalForward: (logits, masks, sizes, actions, batch, logSoftmax, logProbs, entropies) =>
      wasm.categoricalForward(
        logits.byteOffset,
        masks ? masks.byteOffset : 0,
        sizes.byteOffset,
        sizes.length,
        actions.byteOffset,
        batch,
        logSoftmax.byteOffset,
        logProbs.byteOffset,
        entropies.byteOffset,
      ),
    categoricalBackward: (logSoftmax, sizes, actions, dLogProbs, dEntropies, batch, dLogits) =>
      wasm.categoricalBackward(
        logSoftmax.byteOffset,
        sizes.byteOffset,
        sizes.length,
        actions.byteOffset,
        dLogProbs.byteOffset,
        dEntropies.byteOffset,
        batch,
        dLogits.byteOffset,
      ),
    bernoulliForward: (logits, actions, batch, size, logProbs, entropies) =>
      wasm.bernoulliForward(
        logits.byteOffset,
        actions.byteOffset,
        batch,
        size,
        logProbs.byteOffset,
        entropies.byteOffset,
      ),
    bernoulliBackward: (logits, actions, dLogProbs, dEntropies, batch, size, dLogits) =>
      wasm.bernoulliBackward(
        logits.byteOffset,
        actions.byteOffset,
        dLogProbs.byteOffset,
        dEntropies.byteOffset,
        batch,
        size,
        dLogits.byteOffset,
      ),
    gaussianForward: (mean, logStd, actions, batch, size, logProbs, entropies) =>
      wasm.gaussianForward(
        mean.byteOffset,
        logStd.byteOffset,
        actions.byteOffset,
        batch,
        size,
        logProbs.byteOffset,
        entropies.byteOffset,
      ),
    gaussianBackward: (mean, logStd, actions, dLogProbs, dEntropies, batch, size, dMean, dLogStd) =>
      wasm.gaussianBackward(
        mean.byteOffset,
        logStd.byteOffset,
        actions.byteOffset,
        dLogProbs.byteOffset,
        dEntropies.byteOffset,
        batch,
        size,
        dMean.byteOffset,
        dLogStd.byteOffset,
      ),
    squashedGaussianForward: (mean, logStd, noise, batch, size, actions, logProbs) =>
      wasm.squashedGaussianForward(
        mean.byteOffset,
        logStd.byteOffset,
        noise.byteOffset,
        batch,
        size,
        actions.byteOffset,
        logProbs.byteOffset,
      ),
    squashedGaussianBackward: (logStd, noise, actions, dActions, dLogProbs, batch, size, dMean, dLogStd) =>
      wasm.squashedGaussianBackward(
        logStd.byteOffset,
        noise.byteOffset,
        actions.byteOffset,
        dActions.byteOffset,
        dLogProbs.byteOffset,
        batch,
        size,
        dMean.byteOffset,
        dLogStd.byteOffset,
      ),
  };
}

/** What is the same for every parameter: the gradient's scale goes into a and b, the bias corrections into stepSize and epsilon. */
export function adamFactors(
  step: number,
  learningRate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  gradientScale: number,
): Readonly<Record<"beta1" | "a" | "beta2" | "b" | "stepSize" | "epsilon", number>> {
  const { firstCorrection, secondCorrection } = adamCorrections(step, beta1, beta2);
  const secondScale = Math.sqrt(secondCorrection);
  return {
    beta1,
    a: (1 - beta1) * gradientScale,
    beta2,
    b: (1 - beta2) * gradientScale * gradientScale,
    stepSize: (learningRate / firstCorrection) * secondScale,
    epsilon: epsilon * secondScale,
  };
}

/** At every 32nd step. */
export function flushMoments(wasm: WasmExports, step: number, ...moments: readonly Float32Array[]): void {
  if (step % flushInterval !== 0) return;
  for (const each of moments) wasm.flushMoments(each.byteOffset, each.length);
}
