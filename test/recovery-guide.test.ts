import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const guide = readFileSync(join(root, "docs/recovery.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "belay-guide-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the guide to recovery runs from its first block to its last, as one program", async () => {
  const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text]) => text);
  await build({
    stdin: { contents: blocks.join("\n"), loader: "ts", resolveDir: root },
    outfile: join(folder, "guide.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["node:*"],
    alias: { "belay-rl/recovery": join(root, "src/platform/node/recovery/index.ts") },
    logLevel: "silent",
  });
  const { error, stdout, stderr } = await execute("guide.mjs");
  expect([error, stderr]).toEqual([null, ""]);
  expect(stdout).toMatch(/orders of 2026-11-22|yesterday's orders/);
  expect(stdout).toMatch(/\d+ failures, worth/);
  expect(stdout).toMatch(/learned from \d+ simulated decisions, now in shadow/);
  expect(stdout).toMatch(/moved canary 0\.05/);
  expect(stdout).toMatch(/belay-runbook: 1/);
  for (const file of ["decisions.jsonl", "recovery-report.html", "planner-state/ladder.json"]) {
    expect([file, existsSync(join(folder, file))]).toEqual([file, true]);
  }
}, 120_000);

test("its links lead somewhere", () => {
  const links = [...guide.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path]) => path);
  expect(links.filter((path) => !existsSync(join(root, "docs", path)))).toEqual([]);
  expect(links.length).toBeGreaterThan(5);
});

function execute(file: string): Promise<{ error: Error | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file], { cwd: folder }, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
  });
}
