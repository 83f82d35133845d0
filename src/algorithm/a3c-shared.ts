import type { Kernel } from "../kernel/kernel.ts";
import { createMemory, defaultBytes } from "../kernel/memory.ts";
import type { WasmMemory } from "../kernel/wasm/web-assembly.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import type { SharedMoments } from "../optimizer/shared-rms-prop.ts";

/** What all workers read and write, without locks. */
export interface SharedState extends SharedMoments {
  /** Where each worker puts its gradients. */
  readonly gradients: readonly Float32Array[];
  /** Rollouts that were begun in this iteration, by whomever, [1] */
  readonly begun: Int32Array;
  /** All of it lies here, for kernels in other threads; null for kernels that can compute anywhere. */
  readonly memory: WasmMemory | null;
}

type Home = Pick<Kernel, "float32" | "int32"> & Pick<SharedState, "memory">;

/** θ, from these parameters, and its statistics, where `workers` threads see them; with `kernel`'s arrays, where there are no threads. */
export function shareParameters(
  parameters: Float32Array,
  kernel: Kernel,
  { workers, threads }: { readonly workers: number; readonly threads: boolean },
): SharedState {
  const length = parameters.length;
  const home = threads ? sharedHome(kernel.name, 8 * (workers + 3) * length) : { ...kernel, memory: null };
  const shared: SharedState = {
    parameters: home.float32(length),
    meanSquare: home.float32(length),
    gradients: Array.from({ length: workers }, () => home.float32(length)),
    begun: home.int32(1),
    memory: home.memory,
  };
  shared.parameters.set(parameters);
  return shared;
}

/** Memory in which kernels of that name, one in each thread, can compute. */
function sharedHome(name: string, bytes: number): Home {
  switch (name) {
    case "wasm":
      return wasmKernel({ bytes: defaultBytes + bytes, shared: true });
    case "reference":
      return { ...createMemory("a3c", new SharedArrayBuffer(4096 + bytes), 0), memory: null };
    default:
      throw new TypeError(`a3c: worker threads take one of the kernels wasm and reference, got ${name}.`);
  }
}
