import type { Blas } from "../../kernel/native.ts";
import { bindSgemm, type Koffi, type Library } from "./sgemm.ts";

/** A library that this process has loaded. */
export interface NodeBlas extends Blas {
  /** As the loader was told. */
  readonly path: string;
}

/** A library that was found, or why there is none. */
export type FoundBlas =
  | { readonly kind: "found"; readonly blas: NodeBlas }
  | { readonly kind: "absent"; readonly why: string };

/**
 * Fast libraries by their usual names; the loader knows where they lie. Plain "libblas" and "libcblas" are not among them:
 * behind them may be the reference implementation, which is slower than our own kernel.
 */
const usualNames: Readonly<Record<string, readonly string[]>> = {
  linux: ["libopenblas.so.0", "libopenblas.so", "libmkl_rt.so.2", "libmkl_rt.so", "libblis.so.4", "libblis.so"],
  darwin: [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
  ],
  win32: ["libopenblas.dll", "openblas.dll", "mkl_rt.2.dll"],
};

/** The first library found by its usual name, or the one at `path`; it needs the package koffi. It works in one thread. */
export async function openBlas(path?: string): Promise<FoundBlas> {
  const koffi = await loadKoffi();
  if (!koffi) return absent("the package koffi is not installed: npm install koffi");
  if (path !== undefined) return openAt(koffi, path);
  const names = usualNames[process.platform] ?? [];
  for (const name of names) {
    const found = openAt(koffi, name);
    if (found.kind === "found") return found;
  }
  return absent(`no library is to be found by the names ${names.join(", ")}`);
}

async function loadKoffi(): Promise<Koffi | null> {
  try {
    return (await import("koffi")).default as unknown as Koffi;
  } catch {
    return null;
  }
}

function openAt(koffi: Koffi, path: string): FoundBlas {
  let library: Library;
  try {
    library = koffi.load(path);
  } catch (error) {
    return absent(`${path} cannot be loaded: ${firstLine(error)}`);
  }
  if (!optional(library, "void cblas_sgemm()")) return absent(`${path} has no function cblas_sgemm`);
  keepToOneThread(library);
  return {
    kind: "found",
    blas: { name: nameOf(library, path), path, bind: (buffer) => bindSgemm(koffi, library, buffer) },
  };
}

/** Threads of its own would work against ours, and change the sums with the number of cores. */
function keepToOneThread(library: Library): void {
  const functions = ["openblas_set_num_threads", "MKL_Set_Num_Threads", "bli_thread_set_num_threads"];
  for (const name of functions) optional(library, `void ${name}(int threads)`)?.(1);
}

function nameOf(library: Library, path: string): string {
  const config = optional(library, "str openblas_get_config()");
  const core = optional(library, "str openblas_get_corename()");
  if (config) return `${String(config()).split(" ").slice(0, 2).join(" ")}${core ? ` ${core()}` : ""}`;
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function optional(library: Library, declaration: string): ((...args: unknown[]) => unknown) | null {
  try {
    return library.func(declaration);
  } catch {
    return null;
  }
}

function absent(why: string): FoundBlas {
  return { kind: "absent", why };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
