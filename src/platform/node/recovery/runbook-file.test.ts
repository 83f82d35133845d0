import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runbook } from "../../../recovery/runbook/runbook.ts";
import { runbookToJson } from "../../../recovery/runbook/runbook-file.ts";
import { runbookToYaml } from "../../../recovery/runbook/runbook-yaml.ts";
import { runbookFile } from "./runbook-file.ts";

const book = runbook({ "5xx|timeout": ["retry:1000", "source"], 429: ["retry:8000"], "*": ["backup"] });
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "belay-runbook-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a runbook is read from JSON and from YAML alike", async () => {
  await writeFile(join(folder, "book.json"), runbookToJson(book));
  await writeFile(join(folder, "book.yaml"), runbookToYaml(book, "as exported"));
  await writeFile(
    join(folder, "book.yml"),
    "belay-runbook: 1\nrules: { 5xx|timeout: [retry:1000, source], 429: ['retry:8000'], '*': [backup] }",
  );
  for (const name of ["book.json", "book.yaml", "book.yml"]) {
    expect((await runbookFile(join(folder, name))).hash, name).toBe(book.hash);
  }
});

test("a file that is no runbook is refused by its name", async () => {
  const path = join(folder, "other.yaml");
  await writeFile(path, "rules: []");
  await expect(runbookFile(path)).rejects.toThrow(`runbookFile: ${path}: parseRunbook: "belay-runbook" must be 1`);
});

test("where the package yaml is not installed, the error says how to go on", async () => {
  const module = join(folder, "runbook-file.mjs");
  await build({
    entryPoints: ["src/platform/node/recovery/runbook-file.ts"],
    outfile: module,
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["yaml"],
  });
  await writeFile(join(folder, "book.yaml"), runbookToYaml(book));
  const script = `import { runbookFile } from ${JSON.stringify(pathToFileURL(module).href)};
    await runbookFile(${JSON.stringify(join(folder, "book.yaml"))}).catch((error) => console.log(error.message));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(stdout).toContain("YAML needs the package yaml: npm install yaml.");
});
