import { defaultBytes } from "./memory.ts";
import { decodeBase64 } from "./wasm/base64.ts";
import { bind, type WasmKernel } from "./wasm/bind.ts";
import { kernelBytes } from "./wasm/bytes.ts";
import type { WasmExports } from "./wasm/exports.ts";
import { canShareMemory, type WasmMemory, type WasmModule, webAssembly } from "./wasm/web-assembly.ts";

/** A page of WebAssembly memory. */
const pageBytes = 65536;

export interface WasmKernelOptions {
  /** To reserve; pages never touched cost nothing. */
  readonly bytes?: number;
  /** Memory that other threads can be given; unless told, wherever the host allows it. */
  readonly shared?: boolean;
  /** Of a kernel in another thread, shared: this one computes in it, on arrays of that one, and hands out none. */
  readonly memory?: WasmMemory;
}

/** Compiled at the first call, once for plain memory and once for shared. */
const compiled: { plain?: WasmModule; shared?: WasmModule } = {};

/** SIMD in WebAssembly, in plain arithmetic only, so that every engine gives the same bytes. */
export function wasmKernel({
  bytes = defaultBytes,
  shared = canShareMemory(),
  memory,
}: WasmKernelOptions = {}): WasmKernel {
  const home = memory ?? reserve(bytes, shared);
  return bind(instantiate(home).wasm, home, !memory);
}

export function reserve(bytes: number, shared: boolean = canShareMemory()): WasmMemory {
  const pages = Math.ceil(bytes / pageBytes);
  if (!(pages > 0 && pages <= 65536)) {
    throw new RangeError(`wasmKernel: bytes must lie between 1 and 4 GiB, got ${bytes}.`);
  }
  const { Memory } = webAssembly();
  return new Memory({ initial: pages, maximum: pages, shared });
}

/** The compiled code at work in a memory. */
export function instantiate(memory: WasmMemory): { readonly wasm: WasmExports; readonly module: WasmModule } {
  const { Instance } = webAssembly();
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const kind = shared ? "shared" : "plain";
  compiled[kind] ??= compile(shared);
  const module = compiled[kind];
  return { wasm: new Instance(module, { env: { memory } }).exports as WasmExports, module };
}

/** The import of a memory, as the binary format has it, up to the byte of flags: 1 for a maximum, 3 for shared as well. */
const memoryImport = [3, ...ascii("env"), 6, ...ascii("memory"), 2];

function compile(shared: boolean): WasmModule {
  const { Module } = webAssembly();
  const code = decodeBase64(kernelBytes);
  const at = code.findIndex((_, start) => memoryImport.every((byte, i) => code[start + i] === byte));
  code[at + memoryImport.length] = shared ? 3 : 1;
  return new Module(code);
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
