/** The little of WebAssembly that the kernel needs; core's types hold no part of it. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  readonly Instance: new (module: WasmModule, imports: { env: { memory: unknown } }) => { readonly exports: unknown };
}

/** Compiled code, not yet bound to a memory. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

/** A memory of WebAssembly; a shared one can be sent to another thread. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

/** WebAssembly as this engine has it. */
export function webAssembly(): WebAssemblyHost {
  return (globalThis as unknown as { WebAssembly: WebAssemblyHost }).WebAssembly;
}

/** Whether memory may be shared with other threads: always in Node, in a page if it is isolated from other origins. */
export function canShareMemory(): boolean {
  const host = globalThis as { readonly SharedArrayBuffer?: unknown; readonly crossOriginIsolated?: boolean };
  return host.SharedArrayBuffer !== undefined && host.crossOriginIsolated !== false;
}
