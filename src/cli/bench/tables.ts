import { count, short } from "../terminal/number.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import type { Benchmark } from "./bench.ts";
import type { UpdateSpeed } from "./updates.ts";

/** A benchmark as tables. */
export function benchmarkTables(benchmark: Benchmark, { bold, dim, good }: Style): string {
  const { machine, kernel, threads, peakGflops, blasPeakGflops, memory } = benchmark;
  const section = (title: string, heads: readonly string[], rows: readonly (readonly string[])[], rightFrom = 1) =>
    ["", bold(title), table([heads.map(dim), ...rows], rightFrom).replace(/^/gm, "  ")].join("\n");
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const updates = (title: string, speeds: readonly UpdateSpeed[]) => {
    const library = blasPeakGflops === null ? [] : ["of the library's"];
    return section(
      title,
      ["batch", "hidden", "milliseconds", "GFLOP/s", "of the peak", ...library],
      speeds.map(({ batch, hidden, milliseconds, gflops, shareOfPeak, shareOfBlasPeak }) => [
        String(batch),
        `${hidden.length}×${hidden[0]}`,
        milliseconds.toFixed(3),
        gflops.toFixed(1),
        percent(shareOfPeak),
        ...(shareOfBlasPeak === null ? [] : [percent(shareOfBlasPeak)]),
      ]),
      0,
    );
  };
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

  return [
    `${machine.processor}, ${machine.engine}, ${threads === 1 ? "one thread" : `${threads} threads`}`,
    `Matrix product peak ${bold(`${peakGflops.toFixed(1)} GFLOP/s`)} in one thread of WebAssembly`,
    ...(blasPeakGflops === null ? [] : [`${kernel}: ${bold(`${blasPeakGflops.toFixed(1)} GFLOP/s`)}`]),
    section(
      "Training, steps per second",
      ["algorithm", "environment", "setting", "steps/s", "Stable-Baselines3", "ratio"],
      benchmark.algorithms.map(
        ({ algorithm, environment, setting, stepsPerSecond, referenceStepsPerSecond, ratio }) => [
          algorithm,
          environment,
          setting,
          bold(count(stepsPerSecond)),
          referenceStepsPerSecond === null ? "–" : count(referenceStepsPerSecond),
          ratio === null ? "–" : good(`${ratio.toFixed(1)}×`),
        ],
      ),
      3,
    ),
    dim(`  ${benchmark.reference}`),
    updates("One PPO update, from gather to Adam", benchmark.updates),
    updates("One DQN update, from the draw to Adam", benchmark.valueUpdates),
    updates("One SAC update, from its noise to Polyak's step", benchmark.sacUpdates),
    updates("One TD3 update, every other one with the policy's", benchmark.td3Updates),
    section(
      "PPO with 2,048 steps per rollout",
      ["environments", "steps/s"],
      benchmark.growth.map(({ numEnvs, stepsPerSecond }) => [String(numEnvs), count(stepsPerSecond)]),
      0,
    ),
    section(
      "Kernels, GFLOP/s",
      ["batch × inputs × outputs", "forward", "to weights", "to inputs"],
      kernelRows(benchmark),
    ),
    section(
      "Environments alone, million steps per second",
      ["environment", ...columns(benchmark).map((n) => `${n} ${n === 1 ? "copy" : "copies"}`)],
      environmentRows(benchmark),
    ),
    "",
    `${bold("Memory")}  ${megabytes(memory.ppoArrays)} in PPO's arrays, ${megabytes(memory.process)} in the process`,
    "",
  ].join("\n");
}

function kernelRows({ kernels }: Benchmark): string[][] {
  return kernels.map(({ batch, inputs, outputs, forward, backwardWeights, backwardInput }) => [
    `${batch} × ${inputs} × ${outputs}`,
    ...[forward, backwardWeights, backwardInput].map((gflops) => gflops.toFixed(1)),
  ]);
}

function columns({ environments }: Benchmark): number[] {
  return [...new Set(environments.map(({ numEnvs }) => numEnvs))];
}

function environmentRows({ environments }: Benchmark): string[][] {
  const ids = [...new Set(environments.map(({ environment }) => environment))];
  return ids.map((id) => {
    const speeds = environments.filter(({ environment }) => environment === id);
    return [id, ...speeds.map(({ stepsPerSecond }) => short(stepsPerSecond / 1e6))];
  });
}
