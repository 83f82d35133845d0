/**
 * npm run benchmark:pytorch [-- PYTHON]: one PPO minibatch update here and in PyTorch, in turn, one thread each.
 *
 * Needs a Python with PyTorch (Debian: python3-torch, and libopenblas0-pthread for a fast BLAS). Only the ratio means
 * anything on a shared machine.
 */
import { spawnSync } from "node:child_process";
import { updateSpeeds } from "../../src/cli/bench/updates.ts";
import { matrixProductPeak } from "../../src/kernel/peak.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";

const python = process.argv[2] ?? "/usr/bin/python3";
const sizes = ["64,64", "256,64", "256,256"];
const rounds = 5;
const seconds = 0.6;
const { gflops: peak } = matrixProductPeak(wasmKernel(), () => performance.now());

const ratios: Record<string, number[]> = Object.fromEntries(sizes.map((size) => [size, []]));
console.log(`WebAssembly matrix-product peak ${peak.toFixed(1)} GFLOP/s`);
for (let round = 0; round < rounds; round++) {
  const theirs = pytorch();
  const ours = updateSpeeds(peak, seconds);
  for (const size of sizes) {
    const [batch, width] = size.split(",").map(Number);
    const speed = ours.find((found) => found.batch === batch && found.hidden[0] === width);
    if (!speed) throw new Error(`benchmark: no measurement of ${size}.`);
    ratios[size].push(theirs[size] / speed.milliseconds);
    console.log(
      `round ${round}, batch ${batch}, 2×${width}: PyTorch ${theirs[size].toFixed(3)} ms, Belay ${speed.milliseconds.toFixed(3)} ms, ` +
        `${Math.round(100 * speed.shareOfPeak)} % of the peak`,
    );
  }
}
for (const size of sizes) {
  const [low, , median, , high] = ratios[size].sort((a, b) => a - b);
  console.log(
    `batch,width ${size}: ${median.toFixed(1)}× as fast, between ${low.toFixed(1)} and ${high.toFixed(1)} over ${rounds} rounds`,
  );
}

function pytorch(): Record<string, number> {
  const environment = { ...process.env, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };
  const { stdout, stderr, status } = spawnSync(
    python,
    ["benchmark/speed/pytorch-update.py", String(seconds), ...sizes],
    {
      encoding: "utf8",
      env: environment,
    },
  );
  if (status !== 0)
    throw new Error(`benchmark: ${python} cannot run the PyTorch side: ${stderr.trim().split("\n").at(-1)}`);
  return JSON.parse(stdout);
}
