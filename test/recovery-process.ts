import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll } from "vitest";

/** A process of its own that runs a program of ours. */
export interface Program {
  readonly child: ChildProcess;
  /** The lines that it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves at the next line that it prints, or at its end. */
  printed(): Promise<void>;
  /** How it ended: its exit code, null where it was killed. */
  readonly ended: Promise<number | null>;
}

/**
 * Makes a program of TypeScript that imports the package by name. Its folder goes with the test file. A `shell` command
 * is run before it, in the same process.
 */
export async function program(contents: string, shell = ":"): Promise<(...args: readonly string[]) => Program> {
  const folder = mkdtempSync(join("node_modules", ".belay-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "program.mjs");
  const stdin = { contents, resolveDir: "test", loader: "ts" as const };
  await build({ stdin, outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  const command = ["-c", `${shell}; exec "$0" "$@"`, process.execPath, outfile];
  return (...args) => started(spawn("sh", [...command, ...args], { stdio: ["pipe", "pipe", "inherit"] }));
}

function started(child: ChildProcess): Program {
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout! });
  let announce = () => {};
  let next = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const turn = () => {
    const resolve = announce;
    next = new Promise((done) => {
      announce = done;
    });
    resolve();
  };
  reader.on("line", (line) => {
    lines.push(line);
    turn();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      turn();
      resolve(code);
    });
  });
  return { child, lines, printed: () => next, ended };
}
