import { mkdtemp, readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { advance, createLadder, type LadderEvent, ladderDefaults, readDecisions, stateFolder } from "belay-rl/recovery";
import { beforeAll, expect, test } from "vitest";
import { type Program, program } from "./recovery-process.ts";
import { gathered } from "./recovery-record.ts";

const fresh = (name: string) => mkdtemp(join(tmpdir(), "belay-chaos-")).then((folder) => join(folder, name));

const rules = { ...ladderDefaults, test: { lowest: -2, highest: 1 } };

type Start = Awaited<ReturnType<typeof program>>;
let writer: Start;
let updater: Start;
let climber: Start;

beforeAll(async () => {
  // Appends decisions until it is killed, or as many as it is told; prints the last that it has flushed.
  writer = await program(`
    import { jsonl } from "belay-rl/recovery";
    import { decision } from "./recovery-record.ts";
    const [path, name, maxBytes, count] = process.argv.slice(2);
    const log = jsonl(path, { maxBytes: Number(maxBytes), keep: 1000, onError: () => {} });
    for (let i = 0; i < Number(count); ) {
      const burst = Math.min(1 + Math.floor(Math.random() * 20), Number(count) - i);
      for (let j = 0; j < burst; j++, i++) {
        log.append(decision({ planner: name, step: i, class: "x".repeat(Math.floor(Math.random() * 20_000)) }));
      }
      await log.flush();
      console.log(i - log.lost);
    }
  `);
  // Changes the ladder until it is killed; prints the versions that it has written.
  updater = await program(`
    import { createLadder, stateFolder } from "belay-rl/recovery";
    const store = stateFolder(process.argv[2]);
    while (true) {
      const ladder = await store.update((now) => ({ ...(now ?? createLadder()), version: (now?.version ?? 0) + 1 }));
      console.log(ladder.version);
    }
  `);
  // Waits for a line, then promotes, and counts episodes of its canary.
  climber = await program(`
    import { once } from "node:events";
    import { createKeeper, hostClock, ladderDefaults, stateFolder } from "belay-rl/recovery";
    const [path, share, episodes] = process.argv.slice(2);
    const rules = { ...ladderDefaults, test: { lowest: -2, highest: 1 } };
    const keeper = createKeeper({ store: stateFolder(path), rules, clock: hostClock(), batchEpisodes: 7, batchMs: 5 });
    await keeper.ready;
    console.log("ready");
    await once(process.stdin, "data");
    const { kind } = await keeper.apply({ kind: "promote", to: "canary", canaryShare: Number(share), force: "a race" });
    console.log(kind);
    for (let i = 0; i < Number(episodes); i++) {
      keeper.episodeEnded(i % 2 ? "policy" : "baseline", 0.5, keeper.ladder.since);
      if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await keeper.close();
    process.stdin.destroy();
  `);
});

/** Kills the program at some moment of its work. */
async function killed(run: Program): Promise<void> {
  await run.printed();
  await setTimeout(Math.random() * 30);
  run.child.kill("SIGKILL");
  await run.ended;
}

test("writers killed at any moment, thirty in all, lose nothing that they had flushed, and tear only their last lines", async () => {
  const path = await fresh("decisions.jsonl");
  const flushed = new Map<string, number>();
  for (let round = 0; round < 10; round++) {
    const names = ["a", "b", "c"].map((name) => name + round);
    const runs = names.map((name) => writer(path, name, "4000000", "1000000"));
    await Promise.all(runs.map(killed));
    names.forEach((name, i) => {
      flushed.set(name, Number(runs[i].lines.at(-1)));
    });
  }
  const reader = readDecisions(path);
  const records = await gathered(reader);
  expect(reader.skipped).toBeLessThanOrEqual(30);
  for (const [name, count] of flushed) {
    const steps = records.filter(({ planner }) => planner === name).map(({ step }) => step);
    expect(steps).toEqual(steps.map((_, i) => i)); // each once, in order, none missing
    expect(steps.length).toBeGreaterThanOrEqual(count);
    expect(count).toBeGreaterThan(0);
  }
});

test("several processes append to one log and rotate it: every decision arrives once, in its process's order", async () => {
  const path = await fresh("decisions.jsonl");
  const runs = ["a", "b", "c"].map((name) => writer(path, name, "200000", "300"));
  expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  const reader = readDecisions(path);
  const records = await gathered(reader);
  expect(reader.skipped).toBe(0);
  for (const name of ["a", "b", "c"]) {
    const steps = records.filter(({ planner }) => planner === name).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 300 }, (_, i) => i));
  }
  expect((await readdir(join(path, ".."))).length).toBeGreaterThan(20);
  expect((await stat(`${path}.1`)).size).toBeGreaterThan(200_000);
});

test("a ladder whose changers are killed at any moment, thirty in all, is always whole, and never older than was told", async () => {
  const path = await fresh("planner");
  for (let round = 0; round < 10; round++) {
    const runs = [updater(path), updater(path), updater(path)];
    await Promise.all(runs.map(killed));
    const damages: Error[] = [];
    const ladder = await stateFolder(path, { onDamage: (error) => damages.push(error) }).read();
    expect(damages).toEqual([]);
    const told = Math.max(...runs.map(({ lines }) => Number(lines.at(-1))));
    expect(ladder?.version).toBeGreaterThanOrEqual(told);
    expect(ladder?.version).toBeLessThanOrEqual(told + 3); // each may have died before it told its last
  }
});

test("of four processes that promote at once exactly one does, and all the episodes that they see count", async () => {
  const path = await fresh("planner");
  const candidate: LadderEvent = { kind: "candidate", time: 0, policyHash: "c0ffee" };
  await stateFolder(path).update(() => advance(createLadder(), candidate, rules).ladder);
  const runs = Array.from({ length: 4 }, () => climber(path, "0.1", "100"));
  await Promise.all(runs.map((run) => run.printed()));
  for (const { child } of runs) child.stdin!.write("go\n");
  expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
  expect(runs.map(({ lines }) => lines[1]).sort()).toEqual(["moved", "refused", "refused", "refused"]);
  const ladder = await stateFolder(path).read();
  expect(ladder?.history.map(({ to }) => to)).toEqual(["observe", "canary"]);
  expect(ladder).toMatchObject({ episodes: 400, test: { policy: { count: 200 }, baseline: { count: 200 } } });
});

test("a disk that takes only a part of a write tears one line, and every decision is either read or counted as lost", async () => {
  const path = await fresh("decisions.jsonl");
  // No file may grow beyond 64 blocks, of 512 or 1024 bytes.
  const cramped = await program(
    `
      import { truncate } from "node:fs/promises";
      import { jsonl, readDecisions } from "belay-rl/recovery";
      import { decisions, gathered } from "./recovery-record.ts";
      const [path] = process.argv.slice(2);
      const log = jsonl(path, { onError: ({ message }) => console.log(message) });
      for (const record of decisions(300)) log.append(record);
      await log.flush();
      const reader = readDecisions(path);
      console.log((await gathered(reader)).length + log.lost, log.lost > 0, reader.skipped);
      await truncate(path, 1000);
      for (const record of decisions(10, 300)) log.append(record);
      await log.flush();
      console.log((await gathered(readDecisions(path))).slice(-10).map(({ episode }) => episode).join(" "));
    `,
    "ulimit -f 64",
  );
  const { ended, lines } = cramped(path);
  expect(await ended).toBe(0);
  expect(lines[0]).toMatch(/^jsonl: cannot append to .+\. Decisions lost so far: \d+\.$/);
  expect(lines.slice(1)).toEqual(["300 true 1", "e300 e301 e302 e303 e304 e305 e306 e307 e308 e309"]);
});

test("a process that ends by itself, without a word to its log and its ladder, has told both", async () => {
  const [path, folder] = [await fresh("decisions.jsonl"), await fresh("planner")];
  const hasty = await program(`
    import { createKeeper, hostClock, jsonl, ladderDefaults, stateFolder } from "belay-rl/recovery";
    import { decisions } from "./recovery-record.ts";
    const [path, folder] = process.argv.slice(2);
    const rules = { ...ladderDefaults, test: { lowest: -2, highest: 1 } };
    const keeper = createKeeper({ store: stateFolder(folder), rules, clock: hostClock() });
    await keeper.apply({ kind: "candidate", policyHash: "c0ffee" });
    await keeper.apply({ kind: "promote", to: "shadow" });
    keeper.episodeEnded("baseline", 0.5, keeper.ladder.since);
    const log = jsonl(path);
    for (const record of decisions(1000)) log.append(record);
  `);
  expect(await hasty(path, folder).ended).toBe(0);
  expect(await gathered(readDecisions(path))).toHaveLength(1000);
  expect(await stateFolder(folder).read()).toMatchObject({ mode: "shadow", episodes: 1 });
});
