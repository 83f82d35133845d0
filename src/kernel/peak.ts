import type { Kernel } from "./kernel.ts";

/** One dense layer under measurement. */
export interface DenseShape {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Billions of additions and multiplications a second, each way through the layer. */
export interface DenseSpeed extends DenseShape {
  readonly forward: number;
  readonly backwardWeights: number;
  readonly backwardInput: number;
}

/** What a kernel may offer for measurement: its matrix-product tile alone, on data that stays in the first-level cache. */
export interface TileRunner {
  /** Floating-point operations of one run. */
  readonly tileOperations: number;
  runTile(times: number): void;
}

/** The most this machine gives: the kernel's own tile without memory traffic, or one small layer where it has none. */
export function matrixProductPeak(kernel: Kernel & Partial<TileRunner>, now: () => number): { gflops: number } {
  const { runTile, tileOperations } = kernel;
  if (runTile && tileOperations) return { gflops: speed(tileOperations * 50, now, () => runTile(50)) };
  return { gflops: measureDense(kernel, now, [{ batch: 16, inputs: 64, outputs: 8 }])[0].forward };
}

/** A large product with nothing around it: about the most that a library gives. */
export function largeProductPeak(kernel: Kernel, now: () => number): { gflops: number } {
  const n = 512;
  const [x, weights, y] = [0, 1, 2].map(() => kernel.float32(n * n));
  const bias = kernel.float32(n);
  const run = () => kernel.denseForward(x, weights, bias, y, n, n, n, "identity");
  return { gflops: speed(2 * n * n * n, now, run) };
}

/** Every shape with tanh, forward and backward. `now` counts milliseconds. The arrays stay taken: give it its own kernel. */
export function measureDense(kernel: Kernel, now: () => number, shapes: readonly DenseShape[]): DenseSpeed[] {
  return shapes.map(({ batch, inputs, outputs }) => {
    const x = kernel.float32(batch * inputs).fill(0.5);
    const weights = kernel.float32(inputs * outputs).fill(1e-3);
    const bias = kernel.float32(outputs);
    const y = kernel.float32(batch * outputs);
    const dWeights = kernel.float32(inputs * outputs);
    const dx = kernel.float32(batch * inputs);
    const operations = 2 * batch * inputs * outputs;
    return {
      batch,
      inputs,
      outputs,
      forward: speed(operations, now, () => kernel.denseForward(x, weights, bias, y, batch, inputs, outputs, "tanh")),
      backwardWeights: speed(operations, now, () =>
        kernel.denseBackwardWeights(x, y, dWeights, bias, batch, inputs, outputs),
      ),
      backwardInput: speed(operations, now, () =>
        kernel.denseBackwardInput(y, weights, x, dx, batch, inputs, outputs, "tanh", false),
      ),
    };
  });
}

/** Billions of operations a second: the best of ten runs, each long enough for the clock. */
function speed(operations: number, now: () => number, run: () => void): number {
  let repeats = 1;
  while (milliseconds(now, run, repeats) < 5 && repeats < 2 ** 30) repeats *= 2;
  let best = Infinity;
  for (let i = 0; i < 10; i++) best = Math.min(best, milliseconds(now, run, repeats));
  return (operations * repeats) / best / 1e6;
}

function milliseconds(now: () => number, run: () => void, repeats: number): number {
  const start = now();
  for (let i = 0; i < repeats; i++) run();
  return now() - start;
}
