import { resolve } from "node:path";
import { blasKernel } from "../kernel/blas-kernel.ts";
import type { MakeKernel } from "../kernel/kernel.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { type FoundBlas, openBlas } from "../platform/node/blas.ts";
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
  /** Why there is no library though one was welcome, or null. */
  readonly missed: string | null;
}

/** What was asked for, or what a run is recorded to have had. */
export type AskedArithmetic = Pick<Arithmetic, "blas" | "threads">;

export const arithmeticFlags = {
  blas: {
    value: "auto|off|PATH",
    meaning: "a native BLAS for large products: fast, but not the same bytes everywhere",
  },
  threads: { value: "N", meaning: "in this version, 1" },
} as const satisfies Record<string, Flag>;

/** As typed, a path seen from `folder`; what is left out is as `otherwise`. */
export function askedArithmetic(input: Input, folder: string, otherwise: AskedArithmetic): AskedArithmetic {
  const threads = input.integer("threads", 1) ?? otherwise.threads;
  if (threads > 1) throw new UsageError(`--threads must be 1: these algorithms run in one thread, got ${threads}.`);
  const blas = input.text("blas") ?? otherwise.blas;
  return { blas: /[/\\]/.test(blas) ? resolve(folder, blas) : blas, threads };
}

/** Looks for the library: "auto" may find none, a path must. */
export async function chooseArithmetic({ blas, threads }: AskedArithmetic): Promise<Arithmetic> {
  const found = await find(blas);
  switch (found.kind) {
    case "found": {
      const library = found.blas;
      const makeKernel: MakeKernel = (room) => blasKernel(wasmKernel(room), library);
      return { blas: found.path, threads, kernel: `wasm + ${library.name}`, makeKernel, missed: null };
    }
    case "absent":
      if (blas !== "auto") throw new UsageError(`--blas takes auto, off or the path of a CBLAS: ${found.why}.`);
      return { ...alone(threads), missed: found.why };
    case "off":
      return alone(threads);
    default:
      throw new TypeError(`chooseArithmetic: unknown outcome ${JSON.stringify(found satisfies never)}.`);
  }
}

/** What there is to say of it, line by line: nothing, where it is as usual. */
export function arithmeticNotes({ kernel, missed }: Arithmetic): string[] {
  if (missed !== null) return [`no BLAS: ${missed}`];
  return kernel === "wasm" ? [] : [`products by ${kernel}`];
}

async function find(blas: string): Promise<FoundBlas | { readonly kind: "off" }> {
  if (blas === "off") return { kind: "off" };
  return openBlas(blas === "auto" ? undefined : blas);
}

function alone(threads: number): Arithmetic {
  return { blas: "off", threads, kernel: "wasm", makeKernel: wasmKernel, missed: null };
}
