import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { acceleratedKernel } from "../../kernel/accelerated-kernel.ts";
import type { MakeKernel } from "../../kernel/kernel.ts";
import { nativePasses } from "../../kernel/native.ts";
import { type HelpTask, help } from "../../kernel/thread/help.ts";
import { wasmKernel } from "../../kernel/wasm-kernel.ts";
import type { NodeBlas } from "./blas.ts";
import { bindSgemm } from "./sgemm.ts";

/** Kernels with help from threads, from a native library, or both. */
export interface Kernels {
  readonly makeKernel: MakeKernel;
  /** Ends the helping threads; then the kernels work on alone. */
  close(): Promise<void>;
}

/** `threads` in all, the calling one among them. Helpers do not keep the process alive. */
export function nodeKernels({ threads = 1, blas = null }: { threads?: number; blas?: NodeBlas | null }): Kernels {
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new RangeError(`nodeKernels: threads must be a positive integer, got ${threads}.`);
  }
  const workers: Worker[] = [];
  const start = (task: HelpTask) => void workers.push(startHelper(task, blas));
  return {
    makeKernel: threads === 1 && !blas ? wasmKernel : (room) => acceleratedKernel({ threads, start, blas }, room),
    async close() {
      await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
    },
  };
}

/** Its program is the source of functions, so that it needs no file: it runs from wherever this module was bundled to. */
export function startHelper(task: HelpTask, blas: NodeBlas | null): Worker {
  const program = `
    const { task, library, koffi: path } = require("node:worker_threads").workerData;
    const replace = (compiled, buffer) => {
      const koffi = require(path);
      return (${nativePasses})(compiled, (${bindSgemm})(koffi, koffi.load(library), buffer));
    };
    (${help})(task, library ? replace : undefined);`;
  const workerData = { task, library: blas?.path, koffi: blas && createRequire(import.meta.url).resolve("koffi") };
  const worker = new Worker(program, { eval: true, workerData, execArgv: [] });
  worker.unref();
  return worker;
}
