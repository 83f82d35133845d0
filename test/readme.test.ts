import { execFile } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folder, run } from "./cli-harness.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** One fenced block: its language, the word behind it, and where it begins. */
interface Snippet {
  readonly language: string;
  readonly note: string;
  readonly text: string;
  readonly line: number;
}

const snippets: Snippet[] = [...readme.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map((match) => ({
  language: match[1],
  note: match[2],
  text: match[3],
  line: readme.slice(0, match.index).split("\n").length,
}));

let server: Server;
beforeAll(() => {
  mkdirSync(join(folder, "runs"), { recursive: true });
  server = createServer(({ url = "" }, response) => createReadStream(join(folder, url)).pipe(response)).listen(0);
});
afterAll(() => void server.close());

// In the order of the page: what one makes, the next may use.
for (const { language, note, text, line } of snippets) {
  test(`line ${line} of the README: ${text.split("\n")[0]}`, async () => {
    if (language === "sh") for (const command of text.trim().split("\n")) await runCommand(command);
    else if (language === "js") await bundle(text, join(folder, note), "js");
    else await runProgram(text, note === "page");
  });
}

test("the README shows a picture, and its links lead somewhere", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(links.length).toBeGreaterThan(4);
});

async function runCommand(command: string): Promise<void> {
  const [program, ...words] = command.split(" ");
  if (program === "npm") return requireScripts(command);
  expect([program, words[0]]).toEqual(["npx", "belay"]);
  const { code, err } = await run(words.slice(1));
  expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
}

/** These are run by whoever runs this test; here it is enough that npm knows them. */
function requireScripts(command: string): void {
  for (const part of command.split(" && "))
    expect(["npm ci", ...Object.keys(scripts).map((name) => `npm ${name}`)]).toContain(part);
}

async function runProgram(text: string, inPage: boolean): Promise<void> {
  const { port } = server.address() as AddressInfo;
  // In a page an address is relative to the page's own.
  const page = `const here = globalThis.fetch; globalThis.fetch = (path) => here(new URL(path, "http://localhost:${port}/"));`;
  await bundle(inPage ? `${page}\n${text}` : text, join(folder, "program.mjs"), "ts");
  const { status, stdout, stderr } = await execute("program.mjs");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).not.toBe("");
}

/** Not spawnSync: the server is in this process. */
function execute(file: string): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file], { cwd: folder, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ status: error ? 1 : 0, stdout, stderr });
    });
  });
}

/** As a program that has installed belay-rl would be bundled. */
async function bundle(contents: string, outfile: string, loader: "ts" | "js"): Promise<void> {
  const { errors, warnings } = await build({
    stdin: { contents, loader, resolveDir: root },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    alias: {
      "belay-rl": join(root, "src/index.ts"),
      "belay-rl/deploy": join(root, "src/deploy/index.ts"),
      "belay-rl/recovery": join(root, "src/platform/node/recovery/index.ts"),
    },
    logLevel: "silent",
  });
  expect([...errors, ...warnings]).toEqual([]);
}
