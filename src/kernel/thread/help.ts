import type { RowsPasses, WasmExports } from "../wasm/exports.ts";
import type { WasmMemory, WasmModule } from "../wasm/web-assembly.ts";

/** What a helping thread is given. Places are bytes in `memory`. */
export interface HelpTask {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** Where jobs are posted. */
  readonly board: number;
  /** Where this thread may write while it multiplies. */
  readonly scratch: number;
  /** The passes a job may ask for, by number. */
  readonly passes: readonly (keyof RowsPasses)[];
}

/** Passes that stand in for the compiled ones. */
export type ReplacePasses = (compiled: WasmExports, buffer: ArrayBufferLike) => RowsPasses;

/**
 * What a helping thread runs, as long as it lives. It is handed over as its own source, so it names nothing from outside.
 *
 * The board, laid out in `board.ts`, shows one job at a time: a pass over rows, in parts. A thread reads the job and then takes a part by raising
 * the ticket. That fails if the ticket has changed since it looked, be it that somebody else took the part, or that the job is over: what it read
 * is then void. So nobody waits for a thread that comes late, or never.
 */
export function help({ module, memory, board, scratch, passes }: HelpTask, replace?: ReplacePasses): void {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Instance: new (module: unknown, imports: unknown) => { exports: WasmExports } };
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.useScratch(scratch);
  const known: RowsPasses = replace ? replace(exports, memory.buffer) : exports;
  const calls = passes.map((name) => known[name]);
  const [ticket, finished, asleep, failed] = [0, 64, 128, 192].map(
    (at) => new Int32Array(memory.buffer, board + at, 1),
  );
  const job = new Float64Array(memory.buffer, board + 256, 16);
  const closed = 255; // as in board.ts: no part can be taken
  const patience = 40_000; // looks, some 100 µs, before it goes to sleep
  let idle = -1; // the ticket at which there was nothing to do
  try {
    for (let looks = 0; ; looks++) {
      const seen = Atomics.load(ticket, 0);
      if ((seen & closed) === closed) continue; // a job is being written: half of it may be the last one's
      if (seen === idle) {
        if (looks < patience) continue;
        Atomics.add(asleep, 0, 1);
        Atomics.wait(ticket, 0, seen);
        Atomics.sub(asleep, 0, 1);
      }
      looks = 0;
      const pass = calls[job[0]];
      const rows = job[1];
      const chunk = job[2];
      const first = (seen & 255) * chunk;
      const [a, b, c, d, e] = [job[3], job[4], job[5], job[6], job[7]];
      const [f, g, h, i, j] = [job[8], job[9], job[10], job[11], job[12]];
      if (!(first < rows)) idle = seen;
      else if (Atomics.compareExchange(ticket, 0, seen, seen + 1) === seen) {
        pass(first, Math.min(chunk, rows - first), a, b, c, d, e, f, g, h, i, j);
        Atomics.add(finished, 0, 1);
      }
    }
  } catch (error) {
    Atomics.store(failed, 0, 1);
    throw error;
  }
}
