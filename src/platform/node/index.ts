/** Belay in Node: runs kept in folders, Node's clock, its threads, and a native library for large products. */
export { type FoundBlas, type NodeBlas, openBlas } from "./blas.ts";
export { folderStore } from "./folder-store.ts";
export { type Kernels, nodeKernels } from "./kernels.ts";
export { nodePlatform } from "./platform.ts";
export { nodeWorkerHost } from "./worker-host.ts";
