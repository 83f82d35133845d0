import type { Kernel } from "../kernel/kernel.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import type { Session } from "./algorithm.ts";

/** The session's kernel; where it has none, or only says how to make one, one with room for `bytes`. */
export function sessionKernel({ kernel = wasmKernel }: Session, bytes: number): Kernel {
  if (typeof kernel !== "function") return kernel;
  try {
    return kernel({ bytes });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const gigabytes = (bytes / 1e9).toFixed(1);
    const message = `experience and networks need ${gigabytes} GB of memory, more than there is: ${cause.message}`;
    throw new RangeError(message, { cause });
  }
}
