/** Belay in Node: runs kept in folders, Node's clock, its threads, and a native library for large products. */
export { type FoundBlas, openBlas } from "./blas.ts";
export { folderStore } from "./folder-store.ts";
export { nodePlatform } from "./platform.ts";
export { nodeWorkerHost } from "./worker-host.ts";
