// node scripts/run-typescript.mjs FILE.ts [ARGS]: bundles a program of ours, sources included, and runs it. Node 20 cannot strip types.
import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const [file, ...rest] = process.argv.slice(2);
// Inside the project, so that packages are found.
const folder = mkdtempSync(join(import.meta.dirname, "../node_modules/.belay-"));
const root = join(import.meta.dirname, "..");
try {
  await build({
    // Threads run a script that lies beside the module that starts them.
    entryPoints: { program: resolve(file), worker: join(root, "src/platform/node/worker.ts") },
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    tsconfig: join(root, "tsconfig.json"),
    sourcemap: "inline",
    logLevel: "error",
  });
  process.argv = [process.argv[0], file, ...rest];
  await import(pathToFileURL(join(folder, "program.js")).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
