/** Belay in Node: runs kept in folders, and Node's clock. */
export { type FoundBlas, openBlas } from "./blas.ts";
export { folderStore } from "./folder-store.ts";
export { nodePlatform } from "./platform.ts";
