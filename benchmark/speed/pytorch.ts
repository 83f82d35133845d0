/**
 * npm run benchmark:pytorch [-- PYTHON]: Belay and a lean PyTorch loop in turn, one thread each unless told, on this machine.
 *
 * Needs a Python with PyTorch (Debian: python3-torch, and libopenblas0-pthread for a fast BLAS). On a shared machine only
 * the ratios mean anything.
 */
import { spawnSync } from "node:child_process";
import { nodeWorkerHost } from "belay-rl/node";
import { algorithmSpeeds } from "../../src/cli/bench/algorithms.ts";
import { sacUpdateSpeeds } from "../../src/cli/bench/replay-updates.ts";
import { updateSpeeds } from "../../src/cli/bench/updates.ts";
import { matrixProductPeak } from "../../src/kernel/peak.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";

const python = process.argv[2] ?? "/usr/bin/python3";
const rounds = 5;
const seconds = 1.5;

/** Names on the Python side, in the order that `algorithmSpeeds` measures. */
const trainings = ["ppo-defaults", "ppo-zoo", "a2c"];
const updates = ["64,64", "256,64", "256,256"];
const sacUpdates = ["256,64", "256,256"];

const { gflops: peak } = matrixProductPeak(wasmKernel(), () => performance.now());
console.log(`WebAssembly matrix-product peak ${peak.toFixed(1)} GFLOP/s; medians of ${rounds} rounds in turn\n`);

const rows = new Map<string, { theirs: number; ours: number; ratio: number }[]>();
for (let round = 0; round < rounds; round++) {
  const speeds = (await algorithmSpeeds(wasmKernel, nodeWorkerHost(), seconds)).slice(0, trainings.length);
  const their = pytorch("train", trainings);
  speeds.forEach(({ algorithm, setting, stepsPerSecond: ours }, i) => {
    note(`${algorithm} ${setting}, steps/s`, { theirs: their[trainings[i]], ours, ratio: ours / their[trainings[i]] });
  });
  const milliseconds = pytorch("update", updates);
  const here = updateSpeeds(wasmKernel, { wasm: peak, blas: null }, seconds / 3);
  for (const size of updates) {
    const [batch, width] = size.split(",").map(Number);
    const found = here.find((speed) => speed.batch === batch && speed.hidden[0] === width);
    if (!found) throw new Error(`benchmark: no measurement of ${size}.`);
    const [theirs, ours] = [milliseconds[size], found.milliseconds];
    note(`PPO update, batch ${batch}, 2×${width}, ms`, { theirs, ours, ratio: theirs / ours });
  }
  const soft = sacUpdateSpeeds(wasmKernel, { wasm: peak, blas: null }, seconds);
  for (const threads of [1, 2]) {
    const softMilliseconds = pytorch("sac", sacUpdates, threads);
    for (const size of sacUpdates) {
      const [batch, width] = size.split(",").map(Number);
      const found = soft.find((speed) => speed.batch === batch && speed.hidden[0] === width);
      if (!found) throw new Error(`benchmark: no measurement of SAC at ${size}.`);
      const [theirs, ours] = [softMilliseconds[size], found.milliseconds];
      const name = `SAC update, batch ${batch}, 2×${width}, ms; PyTorch in ${threads === 1 ? "1 thread" : "2 threads"}`;
      note(name, { theirs, ours, ratio: theirs / ours });
    }
  }
}

console.log("| | PyTorch | Belay | times as fast | least … most |\n|---|---|---|---|---|");
for (const [name, measured] of rows) {
  const median = (of: "theirs" | "ours" | "ratio") => measured.map((row) => row[of]).sort((a, b) => a - b)[rounds >> 1];
  const ratios = measured.map(({ ratio }) => ratio);
  const range = `${Math.min(...ratios).toFixed(1)} … ${Math.max(...ratios).toFixed(1)}`;
  console.log(
    `| ${name} | ${short(median("theirs"))} | ${short(median("ours"))} | ${median("ratio").toFixed(1)} | ${range} |`,
  );
}

function note(name: string, row: { theirs: number; ours: number; ratio: number }): void {
  rows.set(name, [...(rows.get(name) ?? []), row]);
}

function pytorch(kind: "train" | "update" | "sac", names: readonly string[], threads = 1): Record<string, number> {
  const count = String(threads);
  const environment = { ...process.env, OPENBLAS_NUM_THREADS: count, OMP_NUM_THREADS: count, TORCH_THREADS: count };
  const script = ["benchmark/speed/pytorch_reference.py", String(seconds), kind, ...names];
  const { stdout, stderr, status } = spawnSync(python, script, { encoding: "utf8", env: environment });
  if (status !== 0)
    throw new Error(`benchmark: ${python} cannot run the PyTorch side: ${stderr.trim().split("\n").at(-1)}`);
  return JSON.parse(stdout);
}

function short(x: number): string {
  return x >= 100 ? Math.round(x).toLocaleString("en") : x.toPrecision(3);
}
