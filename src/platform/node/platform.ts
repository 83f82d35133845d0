import { performance } from "node:perf_hooks";
import type { Platform } from "../../run/platform.ts";

/** Node: its clock, and a turn of its event loop. */
export function nodePlatform(): Platform {
  return {
    engine: `node ${process.version} ${process.platform} ${process.arch}`,
    now: () => performance.timeOrigin + performance.now(),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
