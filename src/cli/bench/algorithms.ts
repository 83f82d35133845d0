import { performance } from "node:perf_hooks";
import type { Session } from "../../algorithm/algorithm.ts";
import { type AlgorithmName, algorithms as registry } from "../../algorithm/registry.ts";
import type { WorkerHost } from "../../algorithm/worker-host.ts";
import { make } from "../../env/registry.ts";
import type { MakeKernel } from "../../kernel/kernel.ts";

/** Stable-Baselines3 2.3 on PyTorch 1.13 with OpenBLAS, one thread, on another machine of this kind. */
export const reference =
  "Stable-Baselines3 2.3, PyTorch 1.13, OpenBLAS, one thread, measured on another machine of this kind";

/** An algorithm at work, acting and learning. */
export interface AlgorithmSpeed {
  readonly algorithm: AlgorithmName;
  readonly environment: string;
  readonly setting: string;
  readonly stepsPerSecond: number;
  /** Of `reference` at the same setting, or null where there is none. */
  readonly referenceStepsPerSecond: number | null;
  readonly ratio: number | null;
}

interface Setting {
  readonly algorithm: AlgorithmName;
  /** CartPole-v1 unless told. */
  readonly environment?: string;
  readonly setting: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly reference: number | null;
}

/** One gradient step to each step in the environment. */
const replayed = { hidden: [256, 256], batchSize: 256, learningStarts: 256, reportEvery: 10 };

const settings: readonly Setting[] = [
  {
    algorithm: "ppo",
    setting: "1×2048, 10 epochs of 64",
    options: { numEnvs: 1, horizon: 2048, epochs: 10, batchSize: 64 },
    reference: 3840,
  },
  {
    algorithm: "ppo",
    setting: "8×32, 20 epochs of 256",
    options: { numEnvs: 8, horizon: 32, epochs: 20, batchSize: 256 },
    reference: 8530,
  },
  { algorithm: "a2c", setting: "8×5", options: { numEnvs: 8, horizon: 5 }, reference: 21_900 },
  { algorithm: "a3c", setting: "1 worker", options: { workers: 1 }, reference: null },
  { algorithm: "a3c", setting: "2 workers", options: { workers: 2 }, reference: null },
  { algorithm: "trpo", setting: "defaults", options: {}, reference: null },
  { algorithm: "dqn", setting: "defaults", options: {}, reference: 4850 },
  { algorithm: "c51", setting: "defaults", options: {}, reference: null },
  {
    algorithm: "sac",
    environment: "Pendulum-v1",
    setting: "2×256, batch 256",
    options: replayed,
    reference: 141,
  },
  { algorithm: "td3", environment: "Pendulum-v1", setting: "2×256, batch 256", options: replayed, reference: null },
  { algorithm: "reinforce", setting: "defaults", options: {}, reference: null },
  { algorithm: "actor-critic", setting: "defaults", options: {}, reference: null },
];

export async function algorithmSpeeds(
  makeKernel: MakeKernel,
  workerHost: WorkerHost,
  seconds: number,
): Promise<AlgorithmSpeed[]> {
  // A3C's workers are threads themselves, with kernels of their own.
  const sessionOf = (name: AlgorithmName) => (name === "a3c" ? { workerHost } : { kernel: makeKernel });
  const speeds: AlgorithmSpeed[] = [];
  for (const { algorithm, environment = "CartPole-v1", setting, options, reference } of settings) {
    const stepsPerSecond = await algorithmSpeed(algorithm, options, sessionOf(algorithm), seconds, environment);
    const ratio = reference && stepsPerSecond / reference;
    speeds.push({ algorithm, environment, setting, stepsPerSecond, referenceStepsPerSecond: reference, ratio });
  }
  return speeds;
}

/** Training steps per second, after a warm-up of a quarter of the time. */
export async function algorithmSpeed(
  name: AlgorithmName,
  options: Readonly<Record<string, unknown>>,
  session: Session,
  seconds: number,
  environment = "CartPole-v1",
): Promise<number> {
  const reports = registry[name].run(() => make(environment), { ...options, totalSteps: 1e9 }, session);
  const warm = performance.now() + seconds * 250;
  let begin: { readonly time: number; readonly steps: number } | null = null;
  for await (const { steps } of reports) {
    const time = performance.now();
    if (begin && time - begin.time >= seconds * 1000) return ((steps - begin.steps) * 1000) / (time - begin.time);
    if (!begin && time >= warm) begin = { time, steps };
  }
  throw new Error(`bench: ${name} ended before it was measured.`);
}
