import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";

/** For this file's tests: what a thread of `nodeWorkerHost` runs, made from the sources, which a thread cannot read. */
export function workerScript(): URL {
  const folder = mkdtempSync(join(tmpdir(), "belay-worker-"));
  const outfile = join(folder, "worker.mjs");
  beforeAll(async () => {
    const entryPoints = ["src/platform/node/worker.ts"];
    await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return pathToFileURL(outfile);
}
