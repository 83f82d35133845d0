import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { belay } from "../src/cli/belay.ts";
import { workerScript } from "./worker-script.ts";

/** What a command left behind. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const script = workerScript();

/** A folder for this file's tests, gone afterwards. */
export const folder = mkdtempSync(join(tmpdir(), "belay-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The smallest run that has everything in it. */
export const small = [
  "--steps",
  "512",
  "--set",
  "hidden=8",
  "--set",
  "horizon=32",
  "--set",
  "batchSize=32",
  "--defaults",
];

/** Runs the command line in this process. With `interruptAt`, someone presses Ctrl-C once that is on standard error. */
export async function run(argv: readonly string[], { interruptAt }: { interruptAt?: string } = {}): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  let interrupt: (() => void) | null = null;
  const plain = { columns: null, color: false };
  const code = await belay(argv, {
    folder,
    workerScript: script,
    stdout: { ...plain, write: (text) => void out.push(text) },
    stderr: {
      ...plain,
      write(text) {
        err.push(text);
        if (interruptAt && text.includes(interruptAt)) interrupt?.();
      },
    },
    onInterrupt(listener) {
      interrupt = listener;
      return () => {
        interrupt = null;
      };
    },
  });
  return { code, out: out.join(""), err: err.join("") };
}

export function write(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** A module whose environment is a walk along a line of five places; `flaw` is put where step number `at` begins. */
export function lineModule(flaw = ""): string {
  return `
    const box = { kind: "box", shape: [1], low: Float32Array.of(-1), high: Float32Array.of(1) };
    let made = 0;
    export default function makeLine() {
      let place = 0, elapsed = 0, total = 0;
      const observe = () => Float32Array.of(place / 5);
      made++;
      return {
        id: "Line-v0",
        observationSpace: box,
        actionSpace: { kind: "discrete", n: 2, start: 0 },
        reset() { place = 0; elapsed = 0; return { observation: observe(), info: {} }; },
        step(action) {
          if (elapsed < 0) throw new Error("Line-v0: step was called outside an episode; call reset first.");
          place += action === 1 ? 1 : -1; elapsed++; total++;
          let reward = place >= 4 ? 1 : 0, observation = observe();
          ${flaw}
          const terminated = Math.abs(place) >= 4, truncated = !terminated && elapsed >= 20;
          if (terminated || truncated) elapsed = -1;
          return { observation, reward, terminated, truncated, info: {} };
        },
        snapshot: () => ({ place, elapsed, total }),
        restore(saved) { ({ place, elapsed, total } = saved); },
      };
    }
  `;
}
