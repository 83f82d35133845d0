/** Belay in Node: runs kept in folders, and Node's clock. */
export { folderStore } from "./folder-store.ts";
export { nodePlatform } from "./platform.ts";
