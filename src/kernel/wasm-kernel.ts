import type { Activation, Kernel } from "./kernel.ts";
import { createMemory, defaultBytes } from "./memory.ts";
import type { TileRunner } from "./peak.ts";
import { adamCorrections, flushInterval } from "./reference/optimizer.ts";
import { decodeBase64 } from "./wasm/base64.ts";
import { kernelBytes } from "./wasm/bytes.ts";
import type { WasmExports } from "./wasm/exports.ts";
import { canShareMemory, type WasmMemory, type WasmModule, webAssembly } from "./wasm/web-assembly.ts";

/** A page of WebAssembly memory. */
const pageBytes = 65536;

/** As numbered in assembly/activation.ts. */
const activationCodes = { identity: 0, tanh: 1, relu: 2, elu: 3 } as const satisfies Record<Activation, number>;

export interface WasmKernelOptions {
  /** To reserve; pages never touched cost nothing. */
  readonly bytes?: number;
  /** Memory that other threads can be given; unless told, wherever the host allows it. */
  readonly shared?: boolean;
  /** Of a kernel in another thread, shared: this one computes in it, on arrays of that one, and hands out none. */
  readonly memory?: WasmMemory;
}

/** A kernel, and where its arrays lie. */
export interface WasmKernel extends Kernel, TileRunner {
  readonly memory: WasmMemory;
}

/** Compiled at the first call, once for plain memory and once for shared. */
const compiled: { plain?: WasmModule; shared?: WasmModule } = {};

/** SIMD in WebAssembly, in plain arithmetic only, so that every engine gives the same bytes. */
export function wasmKernel({
  bytes = defaultBytes,
  shared = canShareMemory(),
  memory,
}: WasmKernelOptions = {}): WasmKernel {
  const { Instance } = webAssembly();
  const kind = shared || memory ? "shared" : "plain";
  compiled[kind] ??= compile(kind === "shared");
  const home = memory ?? reserve(bytes, shared);
  return bind(new Instance(compiled[kind], { env: { memory: home } }).exports as WasmExports, home, !memory);
}

function reserve(bytes: number, shared: boolean): WasmMemory {
  const pages = Math.ceil(bytes / pageBytes);
  if (!(pages > 0 && pages <= 65536)) {
    throw new RangeError(`wasmKernel: bytes must lie between 1 and 4 GiB, got ${bytes}.`);
  }
  const { Memory } = webAssembly();
  return new Memory({ initial: pages, maximum: pages, shared });
}

/** The import of a memory, as the binary format has it, up to the byte of flags: 1 for a maximum, 3 for shared as well. */
const memoryImport = [3, ...ascii("env"), 6, ...ascii("memory"), 2];

function compile(shared: boolean): WasmModule {
  const { Module } = webAssembly();
  const code = decodeBase64(kernelBytes);
  const at = code.findIndex((_, start) => memoryImport.every((byte, i) => code[start + i] === byte));
  code[at + memoryImport.length] = shared ? 3 : 1;
  return new Module(code);
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

function bind(wasm: WasmExports, home: WasmMemory, owned: boolean): WasmKernel {
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
      const { firstCorrection, secondCorrection } = adamCorrections(step, beta1, beta2);
      const secondScale = Math.sqrt(secondCorrection);
      wasm.adam(
        parameters.byteOffset,
        gradients.byteOffset,
        firstMoment.byteOffset,
        secondMoment.byteOffset,
        parameters.length,
        beta1,
        (1 - beta1) * gradientScale,
        beta2,
        (1 - beta2) * gradientScale * gradientScale,
        (learningRate / firstCorrection) * secondScale,
        epsilon * secondScale,
      );
      if (step % flushInterval === 0) {
        wasm.flushMoments(firstMoment.byteOffset, firstMoment.length);
        wasm.flushMoments(secondMoment.byteOffset, secondMoment.length);
      }
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
