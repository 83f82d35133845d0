/** Work whose result must not depend on where it is done: each function runs in Node and in a page. */
import { createRandom, load, parametersHash } from "belay-rl/deploy";
import type { Activation, Kernel } from "../../src/kernel/kernel.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";
import * as transcendental from "../../src/math/transcendental.ts";

/** Of exp, log, log1p, sin, cos and tanh at 20 000 points from 10⁻³⁰⁰ to 10³⁰⁰, all 64 bits. */
export function transcendentalHash(): string {
  const { exp, log, log1p, sin, cos, tanh } = transcendental;
  const random = createRandom(1);
  const results: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const x = 30 * random.normal();
    const wide = exp(23 * x) * (i % 2 ? 1 : -1);
    for (const f of [exp, sin, cos, tanh]) results.push(f(x), f(wide));
    for (const f of [log, log1p]) results.push(f(Math.abs(x)), f(Math.abs(wide)));
  }
  return parametersHash(new Float32Array(Float64Array.from(results).buffer));
}

/** Of what each kind of kernel function makes of the same numbers, sizes off the SIMD grid among them. */
export function kernelHashes(): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const [name, work] of Object.entries(kernelWork)) {
    const kernel = wasmKernel();
    hashes[name] = parametersHash(Float32Array.from(work(kernel).flatMap((array) => [...array])));
  }
  return hashes;
}

const [batch, inputs, outputs] = [37, 19, 23];

const kernelWork: Record<string, (kernel: Kernel) => Float32Array[]> = {
  dense(kernel) {
    const x = normals(kernel, batch * inputs);
    const weights = normals(kernel, inputs * outputs);
    const [bias, dBias] = [normals(kernel, outputs), kernel.float32(outputs)];
    const [dz, y] = [normals(kernel, batch * outputs), kernel.float32(batch * outputs)];
    const [dWeights, dx] = [kernel.float32(inputs * outputs), kernel.float32(batch * inputs)];
    const results: Float32Array[] = [];
    for (const activation of ["identity", "tanh", "relu", "elu"] satisfies Activation[]) {
      kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, activation);
      kernel.denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs);
      kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, false);
      results.push(y.slice(), dWeights.slice(), dBias.slice(), dx.slice());
    }
    return results;
  },
  elementwise(kernel) {
    const x = normals(kernel, 1001);
    return (["exp", "log", "tanh", "sin", "cos"] as const).map((name) => {
      const out = kernel.float32(x.length);
      kernel[name](name === "log" ? squared(kernel, x) : x, out);
      return out.slice();
    });
  },
  vectors(kernel) {
    const [x, y] = [normals(kernel, 1001), normals(kernel, 1001)];
    kernel.addScaled(y, 0.3, x);
    kernel.polyak(y, x, 0.005);
    kernel.standardize(x);
    return [x, y, Float32Array.of(kernel.squaredNorm(x), kernel.squaredNorm(y))];
  },
  optimizers(kernel) {
    const [parameters, gradients] = [normals(kernel, 1001), normals(kernel, 1001)];
    const [first, second] = [kernel.float32(1001), kernel.float32(1001)];
    for (let step = 1; step <= 10; step++) {
      kernel.adam(parameters, gradients, first, second, step, 1e-3, 0.9, 0.999, 1e-8, 0.7);
      kernel.rmsProp(parameters, gradients, second, 1e-3, 0.99, 1e-5, step % 2 === 0, 0.7);
    }
    return [parameters, first, second];
  },
  estimates(kernel) {
    const [T, N] = [50, 3];
    const arrays = [0, 1, 2].map(() => normals(kernel, T * N));
    const [terminated, truncated] = [kernel.uint8(T * N), kernel.uint8(T * N)];
    for (let i = 0; i < T * N; i++) [terminated[i], truncated[i]] = [Number(i % 17 === 0), Number(i % 23 === 0)];
    const [advantages, returns] = [kernel.float32(T * N), kernel.float32(T * N)];
    kernel.gae(arrays[0], arrays[1], arrays[2], terminated, truncated, advantages, returns, T, N, 0.99, 0.95);
    return [advantages, returns];
  },
  distributions(kernel) {
    const [logits, dLogits] = [normals(kernel, batch * 7), kernel.float32(batch * 7)];
    const [actions, noise] = [kernel.float32(batch * 7), normals(kernel, batch * 7)];
    const [logProbs, entropies] = [kernel.float32(batch), kernel.float32(batch)];
    const [logSoftmax, logStd] = [kernel.float32(batch * 7), normals(kernel, batch * 7)];
    const sizes = kernel.int32(2);
    sizes.set([3, 4]);
    for (let i = 0; i < batch * 2; i++) actions[i] = i % 3;
    kernel.categoricalForward(logits, null, sizes, actions, batch, logSoftmax, logProbs, entropies);
    kernel.categoricalBackward(logSoftmax, sizes, actions, logProbs, entropies, batch, dLogits);
    const categorical = [logSoftmax, logProbs, entropies, dLogits].map((array) => array.slice());
    kernel.gaussianForward(logits, logStd.subarray(0, 7), noise, batch, 7, logProbs, entropies);
    const gaussian = [logProbs.slice(), entropies.slice()];
    kernel.squashedGaussianForward(logits, logStd, noise, batch, 7, actions, logProbs);
    return [...categorical, ...gaussian, actions, logProbs];
  },
};

/** The same draws whatever the kernel's place in memory. */
function normals(kernel: Kernel, length: number): Float32Array {
  const random = createRandom(length);
  const numbers = kernel.float32(length);
  for (let i = 0; i < length; i++) numbers[i] = random.normal();
  return numbers;
}

function squared(kernel: Kernel, x: Float32Array): Float32Array {
  const squares = kernel.float32(x.length);
  for (let i = 0; i < x.length; i++) squares[i] = x[i] * x[i];
  return squares;
}

/** 500 actions and distributions of a policy for four numbers, the likeliest and by chance, as one text. */
export function actions(file: readonly number[]): string {
  const policy = load(Uint8Array.from(file));
  const random = createRandom(2);
  const results: unknown[] = [];
  for (let i = 0; i < 500; i++) {
    const observation = Float32Array.from({ length: 4 }, () => random.normal());
    results.push(policy.act(observation), policy.act(observation, { deterministic: false, random }));
    results.push(policy.distributionAt(observation));
  }
  return JSON.stringify(results);
}
