/**
 * Measures what an entry point costs a page: bundled, minified, gzipped. `--json` also tells the files that went in.
 * Exit code 1 where a ceiling is broken. A ceiling rises only in the commit that needs it, with the reason beside it.
 */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ceilings = {
  // 9.6 kB when first measured, 2.6 of it sha256; 10.8 with the heads of SAC, TD3, DQN and C51; 11.5 with forests.
  "src/deploy/index.ts": 12_000,
  // 23.6 kB when first measured, with planner, guards, runbook, ladder and log; 76 with learning, which brings networks and kernels; 88 with
  // learning from logs, RecoveryBench's simulator and the bandit of first decisions.
  "src/recovery/index.ts": 90_000,
};

async function measure(entry, ceiling) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const [{ contents }] = outputFiles;
  return { entry, minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length, ceiling, inputs };
}

const sizes = await Promise.all(Object.entries(ceilings).map(([entry, ceiling]) => measure(entry, ceiling)));

if (process.argv.includes("--json")) console.log(JSON.stringify(sizes));
else console.table(sizes.map(({ inputs, ...size }) => ({ ...size, files: inputs.length })));

if (sizes.some(({ gzipped, ceiling }) => gzipped > ceiling)) process.exitCode = 1;
