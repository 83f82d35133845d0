import { execFile, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { algorithms } from "../src/algorithm/registry.ts";
import { make } from "../src/env/registry.ts";
import { createRandom } from "../src/math/random.ts";
import { readEvents } from "../src/run/event-log.ts";
import { TENSORBOARD } from "../src/run/layout.ts";
import type { Platform } from "../src/run/platform.ts";
import { resume, run } from "../src/run/run.ts";
import { memoryStore, type Store } from "../src/run/store.ts";
import { tensorboardFile } from "../src/run/tensorboard.ts";

const task = { algorithm: algorithms.ppo, makeEnv: () => make("CartPole-v1") };
const options = { seed: 3, totalSteps: 512, numEnvs: 2, horizon: 32, epochs: 1, batchSize: 64, hidden: [8] };
const evaluation = { every: 200, episodes: 1, finalEpisodes: 1 };

/** Every look at this clock takes a second, so that checkpoints are due all the time. */
function hastyPlatform(): Platform {
  let now = 0;
  return { engine: "test", now: () => (now += 1000), breathe: async () => undefined };
}

const POWER_CUT = new Error("power cut");

/** Works until its `life`th change, of which an append is done by half and a write not at all; then all is over. */
function mortal(store: Store, life: number): Store & { readonly changes: () => number } {
  let changes = 0;
  const alive = () => {
    if (++changes >= life) throw POWER_CUT;
  };
  return {
    ...store,
    changes: () => changes,
    async write(name, contents) {
      alive();
      await store.write(name, contents);
    },
    async append(name, contents) {
      if (changes + 1 === life) await store.append(name, contents.slice(0, contents.length >> 1));
      alive();
      await store.append(name, contents);
    },
  };
}

async function ending(store: Store, first: boolean): Promise<string> {
  const host = { store, platform: hastyPlatform(), report: false };
  const running = first ? run({ ...task, options, evaluation }, host) : resume(() => task, host);
  for await (const event of running) if (event.kind === "finished") return event.parametersHash;
  throw new Error("the run did not finish");
}

test("cut off at any change to its files, a run resumes to the same bytes and the same story", async () => {
  const whole = mortal(memoryStore(), Number.POSITIVE_INFINITY);
  const hash = await ending(whole, true);
  const story = (await readEvents(whole)).filter(({ kind }) => kind === "evaluation" || kind === "finished");
  const [best, policy] = [await whole.read("best.safetensors"), await whole.read("policy.safetensors")];
  expect(whole.changes()).toBeGreaterThan(30);

  // The first change writes config.json: before it there is no run.
  for (let life = 2; life <= whole.changes(); life++) {
    const store = memoryStore();
    await expect(ending(mortal(store, life), true), `change ${life}`).rejects.toThrow("power cut");
    expect(await ending(store, false), `change ${life}`).toBe(hash);
    const told = (await readEvents(store)).filter(({ kind }) => kind === "evaluation" || kind === "finished");
    expect(told.map(timeless), `change ${life}`).toEqual(story.map(timeless));
    expect(await store.read("best.safetensors")).toEqual(best);
    expect(await store.read(TENSORBOARD)).toEqual(tensorboardFile(await readEvents(store)));
    expect(await store.read("policy.safetensors")).toEqual(policy);
  }
});

/** Without what depends on the clock. */
function timeless(event: object): object {
  return { ...event, time: 0, seconds: 0, stepsPerSecond: 0 };
}

test("cut off again and again, it still comes to the same bytes", async () => {
  const hash = await ending(memoryStore(), true);
  const store = memoryStore();
  const random = createRandom(7);
  let ended = await ending(mortal(store, 9), true).catch(() => null);
  for (let cuts = 0; ended === null; cuts++) {
    expect(cuts).toBeLessThan(200);
    ended = await ending(mortal(store, 4 + random.integer(14)), false).catch(() => null);
  }
  expect(ended).toBe(hash);
});

/** Begins or resumes a run in the folder it is given, and prints the hash. */
const program = `
  import { algorithms } from "./src/algorithm/registry.ts";
  import { make } from "./src/env/registry.ts";
  import { folderStore, nodePlatform } from "./src/platform/node/index.ts";
  import { resume, run } from "./src/run/run.ts";

  const store = folderStore(process.argv[2]);
  const host = { store, platform: nodePlatform() };
  const task = { algorithm: algorithms.ppo, makeEnv: () => make("CartPole-v1") };
  const options = { seed: 5, totalSteps: 20_480, numEnvs: 4, horizon: 64, epochs: 4, batchSize: 64, hidden: [32] };
  const evaluation = { every: 1024, episodes: 2, finalEpisodes: 5 };
  const running = (await store.list()).includes("config.json") ? resume(() => task, host) : run({ ...task, options, evaluation }, host);
  for await (const event of running) {
    if (event.kind === "iteration") console.log(event.steps);
    if (event.kind === "finished") console.log(event.parametersHash);
  }
`;

test("killed by SIGKILL at random moments, a real process resumes to the same hash", async () => {
  const folder = await mkdtemp(join(tmpdir(), "belay-kill-"));
  const script = join(folder, "program.mjs");
  const resolveDir = fileURLToPath(new URL("..", import.meta.url));
  await build({
    stdin: { contents: program, resolveDir },
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const runs = (name: string) => [script, join(folder, name)];

  const { stdout } = await promisify(execFile)(process.execPath, runs("whole"));
  const seed = Date.now();
  const random = createRandom(seed);
  let killed = "";
  for (let kills = 0; kills < 5; kills++) killed = await untilKilled(runs("killed"), random.uniform());
  const resumed = await promisify(execFile)(process.execPath, runs("killed"));
  expect(killed).not.toBe("");
  expect(lastLine(resumed.stdout), `moments drawn from seed ${seed}`).toBe(lastLine(stdout));
  expect(lastLine(stdout)).toMatch(/^[0-9a-f]{64}$/);
});

/** Lets a child print a share of the lines it may, then kills it. */
function untilKilled(args: string[], share: number): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  return new Promise((resolve) => {
    child.stdout.on("data", (data: Buffer) => {
      printed += data;
      if (printed.split("\n").length > 1 + share * 15) child.kill("SIGKILL");
    });
    child.on("close", () => resolve(printed));
  });
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split("\n").at(-1);
}
