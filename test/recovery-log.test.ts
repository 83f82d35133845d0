import { existsSync } from "node:fs";
import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DecisionRecord, envFlag, fileFlag, jsonl, parseRecord, readDecisions } from "belay-rl/recovery";
import { expect, test } from "vitest";
import { decision, decisions, gathered } from "./recovery-record.ts";

const fresh = async () => join(await mkdtemp(join(tmpdir(), "belay-log-")), "decisions.jsonl");
const read = (path: string): Promise<DecisionRecord[]> => gathered(readDecisions(path));
const names = (records: readonly DecisionRecord[]) => records.map(({ episode }) => episode);
const lineBytes = JSON.stringify(decision()).length + 1;

test("what is appended is read, in order, a line each", async () => {
  const path = await fresh();
  const log = jsonl(path);
  const records = decisions(1000);
  for (const record of records) log.append(record);
  await log.flush();
  expect(await read(path)).toEqual(records);
  expect((await readFile(path, "utf8")).split("\n")).toHaveLength(1001);
  expect(log.lost).toBe(0);
});

test("a folder that is not there is made, and made again where someone removes it", async () => {
  const path = join(dirname(await fresh()), "a", "b", "decisions.jsonl");
  const log = jsonl(path);
  for (const episode of ["before", "after"]) {
    log.append(decision({ episode }));
    await log.flush();
    expect(names(await read(path))).toEqual([episode]);
    await rm(dirname(path), { recursive: true });
  }
});

test("a full log is put aside, the oldest beyond `keep` goes, and all that is kept is read oldest first", async () => {
  const path = await fresh();
  const log = jsonl(path, { maxBytes: 2 * lineBytes, keep: 2 });
  for (const record of decisions(10)) {
    log.append(record);
    await log.flush();
  }
  expect((await readdir(dirname(path))).sort()).toEqual(["decisions.jsonl", "decisions.jsonl.1", "decisions.jsonl.2"]);
  expect(names(await read(path))).toEqual(["e4", "e5", "e6", "e7", "e8", "e9"]);
  expect(log.lost).toBe(0);
});

test("a rotation that was cut off leaves a gap, which the next one fills; nothing goes that fits", async () => {
  const path = await fresh();
  const line = (episode: string) => `${JSON.stringify(decision({ episode }))}\n`;
  await writeFile(path, line("e3"));
  await writeFile(`${path}.1`, line("e2"));
  await writeFile(`${path}.3`, line("e1"));
  expect(names(await read(path))).toEqual(["e1", "e2", "e3"]);
  const log = jsonl(path, { maxBytes: 1, keep: 3 });
  log.append(decision({ episode: "e4" }));
  await log.flush();
  expect(names(await read(path))).toEqual(["e1", "e2", "e3", "e4"]);
});

test("a reader that has begun reads on, whatever is rotated meanwhile", async () => {
  const path = await fresh();
  const log = jsonl(path, { maxBytes: lineBytes, keep: 5 });
  const append = async (record: DecisionRecord) => {
    log.append(record);
    await log.flush();
  };
  for (const record of decisions(3)) await append(record);
  const seen: string[] = [];
  for await (const { episode } of readDecisions(path)) {
    if (seen.length === 0) for (const record of decisions(3, 3)) await append(record);
    seen.push(episode);
  }
  expect(seen).toEqual(["e0", "e1", "e2"]);
});

test("a file that a rotation moves while it is opened is read once", async () => {
  const path = await fresh();
  const log = jsonl(path);
  for (const record of decisions(2)) log.append(record);
  await log.flush();
  await link(path, `${path}.1`);
  expect(names(await read(path))).toEqual(["e0", "e1"]);
});

test("a line that a crash tore is passed over and counted, and the next begins a line of its own", async () => {
  const path = await fresh();
  const whole = JSON.stringify(decision());
  for (const torn of [whole.slice(0, 100), `${whole}\n{`, "\0\0\0"]) {
    await writeFile(path, torn);
    const log = jsonl(path);
    log.append(decision({ episode: "next" }));
    await log.flush();
    const reader = readDecisions(path);
    expect(names(await gathered(reader)).at(-1)).toBe("next");
    expect(reader.skipped).toBe(1);
  }
});

test("a whole line that only lacks its end is not lost", async () => {
  const path = await fresh();
  await writeFile(path, JSON.stringify(decision({ episode: "last" })));
  expect(names(await read(path))).toEqual(["last"]);
});

test("a reader says why it passes a line over, and is not stopped by one of any length", async () => {
  const path = await fresh();
  await writeFile(path, `${"x".repeat(6_000_000)}\n${JSON.stringify(decision())}\n`);
  const reasons: unknown[] = [];
  const reader = readDecisions(path, { onSkip: (reason) => reasons.push(String(reason)) });
  expect(await gathered(reader)).toHaveLength(1);
  expect(reasons).toEqual([`SyntaxError: parseRecord: a line must be whole JSON, got ${"x".repeat(60)}….`]);
});

test("a log that is not there is told", async () => {
  await expect(read("/nowhere/decisions.jsonl")).rejects.toThrow(
    "readDecisions: there is no log at /nowhere/decisions.jsonl.",
  );
});

test.runIf(existsSync("/dev/full"))(
  "a full disk is told once, what it took is counted, and writing recovers",
  async () => {
    const path = await fresh();
    await symlink("/dev/full", path);
    const errors: Error[] = [];
    const log = jsonl(path, { onError: (error) => errors.push(error) });
    for (let round = 0; round < 3; round++) {
      log.append(decision());
      await log.flush();
    }
    const reason = "the disk is full; what was written before is intact";
    expect(errors.map(({ message }) => message)).toEqual([
      `jsonl: cannot append to ${path}: ${reason}. Decisions lost so far: 1.`,
    ]);
    expect(log.lost).toBe(3);
    await rm(path);
    log.append(decision({ episode: "after" }));
    await log.flush();
    expect(names(await read(path))).toEqual(["after"]);
    await rename(path, `${path}.aside`);
    await symlink("/dev/full", path);
    log.append(decision());
    await log.flush();
    expect([errors.length, log.lost]).toEqual([2, 4]);
  },
);

test("a place where nothing can be written is told, and neither it nor a listener that throws stops the caller", async () => {
  const path = await fresh();
  await mkdir(path);
  let told = "";
  const log = jsonl(path, {
    onError(error) {
      told = error.message;
      throw error;
    },
  });
  log.append(decision());
  await log.flush();
  expect(told).toBe(`jsonl: cannot append to ${path}: a folder of that name is in the way. Decisions lost so far: 1.`);
});

test("what cannot be a line, and what the memory has no room for, is lost and counted", async () => {
  const path = await fresh();
  const errors: string[] = [];
  const log = jsonl(path, { maxWaiting: 3 * lineBytes, onError: ({ message }) => errors.push(message) });
  log.append(decision({ features: { count: 1n as unknown as number } }));
  log.append(decision({ class: "x".repeat(2 ** 20) }));
  expect(log.lost).toBe(2);
  for (const record of decisions(5)) log.append(record);
  expect(log.lost).toBe(4);
  await log.flush();
  expect(names(await read(path))).toEqual(["e0", "e1", "e2"]);
  expect(errors).toEqual([
    `jsonl: cannot take a decision for ${path}: Do not know how to serialize a BigInt. Decisions lost so far: 1.`,
  ]);
});

test("flush waits for what was appended before it, not for what comes after", async () => {
  const path = await fresh();
  const log = jsonl(path);
  let ended = false;
  const busy = (async () => {
    while (!ended) {
      log.append(decision({ episode: "later" }));
      await new Promise(setImmediate);
    }
  })();
  log.append(decision({ episode: "before" }));
  await Promise.all([log.flush(), log.flush()]);
  ended = true;
  expect(names(await read(path))).toContain("before");
  await busy;
  await log.flush();
});

test("a log that someone empties or writes to goes on", async () => {
  const path = await fresh();
  const log = jsonl(path);
  log.append(decision({ episode: "gone" }));
  await log.flush();
  await truncate(path, 0);
  await appendFile(path, "a note by hand");
  log.append(decision({ episode: "next" }));
  await log.flush();
  expect((await readFile(path, "utf8")).split("\n")[0]).toBe("a note by hand");
  expect(parseRecord((await readFile(path, "utf8")).split("\n")[1]).episode).toBe("next");
});

test("a log with impossible options is refused", () => {
  expect(() => jsonl("x", { maxBytes: 0 })).toThrow("jsonl: maxBytes must be positive, got 0.");
  expect(() => jsonl("x", { keep: 0 })).toThrow("jsonl: keep must be 1 or more, got 0.");
  expect(() => jsonl("x", { maxWaiting: Number.NaN })).toThrow("jsonl: maxWaiting must be positive, got NaN.");
});

test("an environment variable is a kill switch, and a word nobody knows turns it on", () => {
  const flag = envFlag("BELAY_TEST_PLANNER_OFF");
  const states = [undefined, "", "0", "false", "Off", " no ", "1", "true", "yes", "plesae"].map((value) => {
    if (value === undefined) delete process.env["BELAY_TEST_PLANNER_OFF"];
    else process.env["BELAY_TEST_PLANNER_OFF"] = value;
    return flag.isOn();
  });
  delete process.env["BELAY_TEST_PLANNER_OFF"];
  expect(states).toEqual([false, false, false, false, false, false, true, true, true, true]);
});

test("a file is a kill switch, looked at now and then, and at once when the clock goes back", async () => {
  const path = await fresh();
  let time = 5000;
  const flag = fileFlag(path, { everyMs: 100, now: () => time });
  const at = (moment: number) => {
    time = moment;
    return flag.isOn();
  };
  expect(at(5000)).toBe(false);
  await writeFile(path, "");
  expect([at(5000), at(5099), at(5100)]).toEqual([false, false, true]);
  await rm(path);
  expect([at(5150), at(-1e9), at(Number.NaN)]).toEqual([true, false, false]);
});

test("where nobody can tell whether the file is there, the switch is on", async () => {
  const path = await fresh();
  await writeFile(path, "");
  expect(fileFlag(join(path, "off")).isOn()).toBe(true);
  expect(fileFlag("\0").isOn()).toBe(true);
});
