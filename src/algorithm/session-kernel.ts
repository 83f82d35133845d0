import type { Kernel } from "../kernel/kernel.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import type { Session } from "./algorithm.ts";

/** The session's kernel; where it has none, or only says how to make one, one with room for `bytes`. */
export function sessionKernel({ kernel = wasmKernel }: Session, bytes: number): Kernel {
  return typeof kernel === "function" ? kernel({ bytes }) : kernel;
}
