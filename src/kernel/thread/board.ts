import type { Kernel } from "../kernel.ts";
import type { RowsPass } from "../wasm/exports.ts";

/** A cell for each thing that changes, 64 bytes apart, then the job. */
const boardBytes = 384;

/** The asking side of a board. */
export interface Board {
  /** Where it lies in memory. */
  readonly place: number;
  /**
   * Has pass number `call` done for all rows, `chunk` of them at a time, by whoever has time; a to j are what else it takes.
   * This thread does its share with `pass`, the same, and returns when all is done. What is one part only, it does alone.
   */
  run(
    call: number,
    pass: RowsPass,
    rows: number,
    chunk: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g?: number,
    h?: number,
    i?: number,
    j?: number,
  ): void;
}

/** Looks, some 50 µs, after which whoever is waited for has probably lost its processor: it may have this one. */
const patience = 20_000;
/** Milliseconds. */
const nap = 0.05;

/** In the ticket's lowest byte: no part is left. */
const closed = 255;

/**
 * A board in kernel memory. Its cells: the ticket (the job's number, and in the lowest byte how many of its parts are taken), how many parts others
 * have finished, how many threads sleep, whether one has failed; then the job: its pass, rows, rows in a part, what else the pass takes.
 */
export function createBoard(kernel: Kernel): Board {
  const { buffer, byteOffset: place } = kernel.uint8(boardBytes);
  const [ticket, finished, asleep, failed] = [0, 64, 128, 192].map((at) => new Int32Array(buffer, place + at, 1));
  const job = new Float64Array(buffer, place + 256, 16);
  let number = 0;

  return {
    place,

    run(call, pass, rows, leastChunk, a, b, c, d, e, f, g = 0, h = 0, i = 0, j = 0) {
      if (rows <= leastChunk) return pass(0, rows, a, b, c, d, e, f, g, h, i, j);
      const chunk = Math.max(leastChunk, Math.ceil(rows / (closed - 1)));
      number = (number + closed + 1) | 0;
      Atomics.store(ticket, 0, number | closed); // while the job is written, nobody can take a part of it
      Atomics.store(finished, 0, 0);
      job[0] = call;
      job[1] = rows;
      job[2] = chunk;
      job[3] = a;
      job[4] = b;
      job[5] = c;
      job[6] = d;
      job[7] = e;
      job[8] = f;
      job[9] = g;
      job[10] = h;
      job[11] = i;
      job[12] = j;
      Atomics.store(ticket, 0, number);
      if (Atomics.load(asleep, 0) > 0) Atomics.notify(ticket, 0);

      // Take the parts that nobody has taken, and wait for those that others have.
      let others = 0;
      for (let first = 0, part = number; first < rows; first += chunk, part++) {
        if (Atomics.compareExchange(ticket, 0, part, part + 1) === part) {
          pass(first, Math.min(chunk, rows - first), a, b, c, d, e, f, g, h, i, j);
        } else others++;
      }
      for (let looks = 0, back = 0; back < others; looks++) {
        if (looks > patience) rest(finished, back);
        if (Atomics.load(failed, 0) === 1) throw new Error("kernel: a helping thread failed.");
        back = Atomics.load(finished, 0);
      }
    },
  };
}

/** Sleeps a little while the cell holds what it held; a page's own thread may not, and goes on looking. */
function rest(cell: Int32Array, held: number): void {
  try {
    Atomics.wait(cell, 0, held, nap);
  } catch {}
}
