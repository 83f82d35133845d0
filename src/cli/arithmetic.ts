import { resolve } from "node:path";
import { kernelName } from "../kernel/accelerated-kernel.ts";
import type { MakeKernel } from "../kernel/kernel.ts";
import { type FoundBlas, type NodeBlas, openBlas } from "../platform/node/blas.ts";
import { nodeKernels } from "../platform/node/kernels.ts";
import type { Flag, Input } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** What the products of a run are done with. */
export interface Arithmetic {
  /** "off", or the library's name or path. */
  readonly blas: string;
  readonly threads: number;
  /** What that is on this machine: "wasm + OpenBLAS 0.3.21 SkylakeX". */
  readonly kernel: string;
  readonly makeKernel: MakeKernel;
  /** Ends the helping threads. */
  close(): Promise<void>;
  /** Why there is no library though one was welcome, or null. */
  readonly missed: string | null;
}

/** What was asked for, or what a run is recorded to have had. */
export type AskedArithmetic = Pick<Arithmetic, "blas" | "threads">;

const mostThreads = 64;

export const arithmeticFlags = {
  blas: {
    value: "auto|off|PATH",
    meaning: "a native BLAS for large products: fast, but not the same bytes everywhere",
  },
  threads: { value: "N", meaning: "threads that share large products, to the same bytes; 1 unless given" },
} as const satisfies Record<string, Flag>;

/** As typed, a path seen from `folder`; what is left out is as `otherwise`. */
export function askedArithmetic(input: Input, folder: string, otherwise: AskedArithmetic): AskedArithmetic {
  const threads = input.integer("threads", 1) ?? otherwise.threads;
  if (threads > mostThreads) throw new UsageError(`--threads must be from 1 to ${mostThreads}, got ${threads}.`);
  const blas = input.text("blas") ?? otherwise.blas;
  if (blas === "") throw new UsageError("--blas takes auto, off or the path of a CBLAS, got nothing.");
  return { blas: /[/\\]/.test(blas) ? resolve(folder, blas) : blas, threads };
}

/** Looks for the library: "auto" may find none, a path must. */
export async function chooseArithmetic({ blas, threads }: AskedArithmetic): Promise<Arithmetic> {
  const found = await find(blas);
  switch (found.kind) {
    case "found":
      return arithmetic(found.blas, threads, null);
    case "absent":
      if (blas !== "auto") throw new UsageError(`--blas takes auto, off or the path of a CBLAS: ${found.why}.`);
      return arithmetic(null, threads, found.why);
    case "off":
      return arithmetic(null, threads, null);
    default:
      throw new TypeError(`chooseArithmetic: unknown outcome ${JSON.stringify(found satisfies never)}.`);
  }
}

/** What there is to say of it, line by line: nothing, where it is as usual. */
export function arithmeticNotes({ kernel, threads, missed }: Arithmetic): string[] {
  if (missed !== null) return [`no BLAS: ${missed}`];
  if (kernel !== "wasm") return [`products by ${kernel}`];
  return threads === 1 ? [] : [`products in ${threads} threads`];
}

async function find(blas: string): Promise<FoundBlas | { readonly kind: "off" }> {
  if (blas === "off") return { kind: "off" };
  return openBlas(blas === "auto" ? undefined : blas);
}

function arithmetic(blas: NodeBlas | null, threads: number, missed: string | null): Arithmetic {
  const kernels = nodeKernels({ threads, blas });
  return { blas: blas?.path ?? "off", threads, kernel: kernelName(blas, threads), missed, ...kernels };
}
