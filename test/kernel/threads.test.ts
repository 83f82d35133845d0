import { createHash } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { acceleratedKernel } from "../../src/kernel/accelerated-kernel.ts";
import type { Activation, Kernel } from "../../src/kernel/kernel.ts";
import { referenceKernel } from "../../src/kernel/reference.ts";
import { createBoard } from "../../src/kernel/thread/board.ts";
import type { HelpTask } from "../../src/kernel/thread/help.ts";
import { bind } from "../../src/kernel/wasm/bind.ts";
import type { RowsPass } from "../../src/kernel/wasm/exports.ts";
import { instantiate, reserve, wasmKernel } from "../../src/kernel/wasm-kernel.ts";
import { createRandom } from "../../src/math/random.ts";
import { openBlas } from "../../src/platform/node/blas.ts";
import { nodeKernels, startHelper } from "../../src/platform/node/kernels.ts";
import { expectClose, uniform } from "./twins.ts";

const found = await openBlas();
const blas = found.kind === "found" ? found.blas : null;
const workers: Worker[] = [];
afterAll(() => Promise.all(workers.map((worker) => worker.terminate())));

/** A kernel in three threads, or one that waits for two which never come. */
function crew({ helpers, native = null }: { helpers: boolean; native?: typeof blas }): Kernel {
  const start = (task: HelpTask) => {
    if (helpers) workers.push(startHelper(task, native));
  };
  return acceleratedKernel({ threads: 3, blas: native, start }, { bytes: 2 ** 24 });
}

/** Sizes of which no three threads take the same; the last is too small to be shared. */
const shapes = [
  [64, 64, 64],
  [67, 70, 65],
  [131, 24, 130],
  [300, 150, 5],
  [3000, 64, 1],
  [33, 200, 64],
  [8, 8, 8],
] as const;
const activations = ["tanh", "relu", "elu", "identity"] as const satisfies Activation[];

/** Every pass that threads share, with what it writes; chance is the same whatever the kernel. */
function passes(kernel: Kernel, [batch, inputs, outputs]: readonly [number, number, number], activation: Activation) {
  const random = createRandom(batch);
  const [x, dz] = [batch * inputs, batch * outputs].map((n) => uniform(kernel, random, n));
  const [weights, weightsDot] = [0, 1].map(() => uniform(kernel, random, inputs * outputs, 1 / Math.sqrt(inputs)));
  const bias = uniform(kernel, random, outputs);
  const [y, yDot] = [0, 1].map(() => kernel.float32(batch * outputs));
  const [dWeights, dBias, dx] = [inputs * outputs, outputs, batch * inputs].map((n) => kernel.float32(n));
  return {
    denseForward() {
      kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, activation);
      return [y];
    },
    denseBackwardWeights() {
      kernel.denseBackwardWeights(x, dz, dWeights, dBias, batch, inputs, outputs);
      return [dWeights, dBias];
    },
    denseBackwardInput() {
      dx.fill(1);
      kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, true);
      const added = dx.slice();
      kernel.denseBackwardInput(dz, weights, x, dx, batch, inputs, outputs, activation, false);
      return [added, dx];
    },
    denseJvp() {
      kernel.denseJvp(x, null, weights, weightsDot, bias, y, yDot, batch, inputs, outputs, activation);
      const first = yDot.slice();
      kernel.denseJvp(x, x, weights, weightsDot, bias, y, yDot, batch, inputs, outputs, activation);
      return [first, yDot];
    },
  };
}

/** A hash of the bytes of each: −0 is not 0. */
const hashes = (arrays: readonly Float32Array[]) =>
  arrays.map((array) => createHash("sha256").update(new Uint8Array(array.slice().buffer)).digest("hex"));

/** All that passes and Adam write, from `kernel`. */
function everything(kernel: Kernel): string[] {
  const written: string[] = [];
  for (const [i, shape] of shapes.entries()) {
    const all = passes(kernel, shape, activations[i % 4]);
    for (const pass of Object.values(all)) written.push(...hashes(pass()));
  }
  const n = 70_001;
  const random = createRandom(3);
  const [parameters, gradients] = [0, 1].map(() => uniform(kernel, random, n));
  const [first, second] = [0, 1].map(() => kernel.float32(n));
  for (const t of [1, 32]) kernel.adam(parameters, gradients, first, second, t, 1e-3, 0.9, 0.999, 1e-8, 0.5);
  return [...written, ...hashes([parameters, first, second])];
}

test("in parts and in threads, every pass gives the bytes that it gives alone, at any size", () => {
  const alone = everything(wasmKernel({ bytes: 2 ** 24 }));
  expect(everything(crew({ helpers: false }))).toEqual(alone);
  expect(everything(crew({ helpers: true }))).toEqual(alone);
});

test("helpers do what this thread leaves them, in scratch of their own, and to the same bytes", () => {
  const memory = reserve(2 ** 22, true);
  const { wasm, module } = instantiate(memory);
  const kernel = bind(wasm, memory, true);
  const board = createBoard(kernel);
  const passes = ["forwardRows", "weightRows"] as const;
  const scratches = [0, 1].map(() => kernel.uint8(wasm.scratchBytes.value));
  for (const { byteOffset: scratch } of scratches) {
    workers.push(startHelper({ module, memory, board: board.place, scratch, passes }, null));
  }
  const [batch, inputs, outputs] = [96, 70, 130]; // wide enough for panels to be copied
  const random = createRandom(1);
  const x = uniform(kernel, random, batch * inputs);
  const [weights, bias, dz] = [inputs * outputs, outputs, batch * outputs].map((n) => uniform(kernel, random, n));
  const [y, dWeights, expectedY, expectedDw] = [0, 1, 0, 1].map((i) =>
    kernel.float32(i ? inputs * outputs : batch * outputs),
  );
  kernel.denseForward(x, weights, bias, expectedY, batch, inputs, outputs, "tanh");
  kernel.denseBackwardWeights(x, dz, expectedDw, kernel.float32(outputs), batch, inputs, outputs);
  const nap = new Int32Array(new SharedArrayBuffer(4));
  const tanh = 1;

  let parts = 0;
  const napping =
    (pass: RowsPass): RowsPass =>
    (...part) => {
      parts++;
      Atomics.wait(nap, 0, 0, 20);
      pass(...part);
    };
  const forward = () =>
    board.run(
      0,
      napping(wasm.forwardRows),
      batch,
      16,
      x.byteOffset,
      weights.byteOffset,
      bias.byteOffset,
      y.byteOffset,
      inputs,
      outputs,
      tanh,
    );
  const toWeights = () =>
    board.run(
      1,
      napping(wasm.weightRows),
      inputs,
      16,
      x.byteOffset,
      dz.byteOffset,
      dWeights.byteOffset,
      batch,
      inputs,
      outputs,
    );
  for (const [run, whole, result, expected] of [
    [forward, 6, y, expectedY],
    [toWeights, 5, dWeights, expectedDw],
  ] as const) {
    const end = performance.now() + 20_000; // for threads to come up
    do {
      parts = 0;
      result.fill(0);
      run();
      expect(hashes([result])).toEqual(hashes([expected]));
    } while (parts === whole && performance.now() < end);
    expect(parts).toBeLessThan(whole);
  }
  expect(scratches.some((scratch) => scratch.some((byte) => byte !== 0))).toBe(true);
});

/** Of a large job and a small one in turn, whose numbers of rows are far apart, what the small one gave. */
function inTurn(kernel: Kernel): number {
  const random = createRandom(3);
  const [parameters, gradients] = [0, 1].map(() => uniform(kernel, random, 200_000));
  const [firstMoment, secondMoment] = [0, 1].map(() => kernel.float32(200_000));
  const [x, weights] = [0, 1].map(() => uniform(kernel, random, 64 * 64));
  const [bias, y] = [kernel.float32(64), kernel.float32(64 * 64)];
  let sum = 0;
  for (let step = 1; step <= 8000; step++) {
    kernel.adam(parameters, gradients, firstMoment, secondMoment, step, 1e-4, 0.9, 0.999, 1e-8, 1);
    kernel.denseForward(x, weights, bias, y, 64, 64, 64, "tanh");
    sum += y[step % y.length];
  }
  return sum;
}

test("a job that is half written is nobody's: large and small ones in turn give the bytes of one thread", () => {
  expect(inTurn(crew({ helpers: true }))).toBe(inTurn(wasmKernel({ bytes: 2 ** 24 })));
});

test("what is one part only is done by this thread, and nobody is woken", () => {
  const kernel = wasmKernel({ bytes: 2 ** 20 });
  const { place, run } = createBoard(kernel);
  const { buffer } = kernel.uint8(0);
  const seen: number[][] = [];
  const posted = () => new Int32Array(buffer, place, 1)[0];
  const before = posted();
  run(0, (...part) => void seen.push(part), 64, 64, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  expect(seen).toEqual([[0, 64, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  expect(posted()).toBe(before);
  run(0, () => {}, 65, 64, 1, 2, 3, 4, 5, 6);
  expect(posted()).not.toBe(before);
});

test("a helper that fails is not waited for, but told of", () => {
  const memory = reserve(2 ** 22, true);
  const { wasm, module } = instantiate(memory);
  const kernel = bind(wasm, memory, true);
  const board = createBoard(kernel);
  const scratch = kernel.uint8(wasm.scratchBytes.value).byteOffset;
  const task = { module, memory, board: board.place, scratch, passes: ["adamRows"] } as const;
  workers.push(startHelper(task, null).on("error", () => {}));
  const nap = new Int32Array(new SharedArrayBuffer(4));
  const unknown = 1;
  const run = () => {
    for (let times = 0; times < 1000; times++) {
      board.run(unknown, () => void Atomics.wait(nap, 0, 0, 20), 64, 16, 0, 0, 0, 0, 0, 0);
    }
  };
  expect(run).toThrow("kernel: a helping thread failed.");
});

test("a number of threads below 1 is refused", () => {
  for (const threads of [0, 1.5]) {
    expect(() => nodeKernels({ threads })).toThrow(`nodeKernels: threads must be a positive integer, got ${threads}.`);
  }
});

if (blas) {
  test(`with ${blas.name}, three threads are within 4e-6 of the reference, and always give the same bytes`, () => {
    const shape = [200, 130, 70] as const;
    const all = (kernel: Kernel) => Object.values(passes(kernel, shape, "tanh")).flatMap((pass) => pass());
    const threaded = crew({ helpers: true, native: blas });
    expect(threaded.name).toBe(`wasm + ${blas.name} in 3 threads`);
    const plain = all(referenceKernel({ bytes: 2 ** 22 }));
    const first = hashes(all(crew({ helpers: false, native: blas })));
    for (let times = 0; times < 5; times++) {
      const threadedNow = all(threaded);
      expect(hashes(threadedNow)).toEqual(first);
      for (const [i, expected] of plain.entries()) expectClose(threadedNow[i], expected, 4e-6);
    }
  });
}
