import { cpus, totalmem } from "node:os";
import { algorithms } from "../../algorithm/registry.ts";
import type { WorkerHost } from "../../algorithm/worker-host.ts";
import { make } from "../../env/registry.ts";
import { defaultBytes } from "../../kernel/memory.ts";
import type { DenseSpeed } from "../../kernel/peak.ts";
import { wasmKernel } from "../../kernel/wasm-kernel.ts";
import { version } from "../../run/version.ts";
import type { Arithmetic } from "../arithmetic.ts";
import { type AlgorithmSpeed, algorithmSpeed, algorithmSpeeds, reference } from "./algorithms.ts";
import { type EnvironmentSpeed, environmentSpeeds } from "./environments.ts";
import { kernelSpeeds, libraryPeakGflops, peakGflops as measurePeak } from "./kernels.ts";
import { sacUpdateSpeeds, td3UpdateSpeeds } from "./replay-updates.ts";
import { type UpdateSpeed, updateSpeeds } from "./updates.ts";
import { valueUpdateSpeeds } from "./value-updates.ts";

/** All that `belay bench` measures, as its `--json` prints it. */
export interface Benchmark {
  readonly version: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memory: number;
    readonly engine: string;
  };
  /** What the products are done with: "wasm", or a library too. */
  readonly kernel: string;
  readonly threads: number;
  /** Of one thread's WebAssembly: 10⁹ additions and multiplications per second where memory costs nothing. */
  readonly peakGflops: number;
  /** Of the library, with all threads, in a product of 512×512×512; null without one. */
  readonly blasPeakGflops: number | null;
  readonly kernels: readonly DenseSpeed[];
  readonly environments: readonly EnvironmentSpeed[];
  readonly algorithms: readonly AlgorithmSpeed[];
  readonly updates: readonly UpdateSpeed[];
  /** The same of DQN. */
  readonly valueUpdates: readonly UpdateSpeed[];
  readonly sacUpdates: readonly UpdateSpeed[];
  readonly td3Updates: readonly UpdateSpeed[];
  /** PPO with 2,048 steps per rollout, however many environments they come from. */
  readonly growth: readonly { readonly numEnvs: number; readonly stepsPerSecond: number }[];
  /** Bytes: of a PPO run's arrays, and of the whole process. */
  readonly memory: { readonly ppoArrays: number; readonly process: number };
  /** What the algorithms' ratios are to. */
  readonly reference: string;
}

/** Measures everything; `tell` hears what comes next. `pace` 1 takes about a minute, 0.25 a quarter of it. */
export async function benchmark(
  { blas, threads, kernel, makeKernel }: Arithmetic,
  workerHost: WorkerHost,
  pace: number,
  tell: (what: string) => void,
): Promise<Benchmark> {
  tell("the matrix product's peak");
  const peakGflops = measurePeak();
  tell("kernels");
  const blasPeakGflops = blas === "off" ? null : libraryPeakGflops(makeKernel({ bytes: defaultBytes }));
  const kernels = kernelSpeeds(makeKernel({ bytes: defaultBytes }));
  tell("environments");
  const environments = environmentSpeeds(0.4 * pace);
  tell("updates");
  const peaks = { wasm: threads * peakGflops, blas: blasPeakGflops };
  const updates = updateSpeeds(makeKernel, peaks, 0.8 * pace);
  const valueUpdates = valueUpdateSpeeds(makeKernel, peaks, 0.8 * pace);
  const sacUpdates = sacUpdateSpeeds(makeKernel, peaks, 0.8 * pace);
  const td3Updates = td3UpdateSpeeds(makeKernel, peaks, 0.8 * pace);
  tell("algorithms");
  const speeds = await algorithmSpeeds(makeKernel, workerHost, 3 * pace);
  tell("growth with the number of environments");
  const growth = [];
  for (const numEnvs of [1, 8, 64]) {
    growth.push({
      numEnvs,
      stepsPerSecond: await algorithmSpeed(
        "ppo",
        { numEnvs, horizon: 2048 / numEnvs },
        { kernel: makeKernel },
        2 * pace,
      ),
    });
  }
  return {
    version,
    machine: {
      processor: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memory: totalmem(),
      engine: `node ${process.version} ${process.platform} ${process.arch}`,
    },
    kernel,
    threads,
    peakGflops,
    blasPeakGflops,
    kernels,
    environments,
    algorithms: speeds,
    updates,
    valueUpdates,
    sacUpdates,
    td3Updates,
    growth,
    memory: { ppoArrays: await ppoArrays(), process: process.memoryUsage().rss },
    reference,
  };
}

async function ppoArrays(): Promise<number> {
  const kernel = wasmKernel();
  const before = kernel.bytesUsed;
  await algorithms.ppo.run(() => make("CartPole-v1"), { epochs: 1 }, { kernel }).next();
  return kernel.bytesUsed - before;
}
