import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { folderStore } from "./folder-store.ts";
import { type Holder, takeLock } from "./lock-file.ts";

const fresh = async () => join(await mkdtemp(join(tmpdir(), "belay-lock-")), "run.lock");

/** A lock as another process left it. */
async function leftBy(holder: Partial<Holder> | string): Promise<string> {
  const file = await fresh();
  const whole = { pid: process.ppid, host: hostname(), started: 0 };
  await writeFile(file, typeof holder === "string" ? holder : JSON.stringify({ ...whole, ...holder }));
  return file;
}

test("of many that want a lock at once one gets it, and given back it is gone", async () => {
  const file = await fresh();
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeLock(file)));
  const [release, ...more] = taken.filter((lock) => typeof lock === "function");
  expect(more).toEqual([]);
  await release();
  expect(existsSync(file)).toBe(false);
});

test("a living process keeps its lock, and so does one on another host", async () => {
  expect(await takeLock(await leftBy({}))).toMatchObject({ pid: process.ppid });
  const { pid } = spawnSync(process.execPath, ["--version"]);
  expect(await takeLock(await leftBy({ pid, host: "elsewhere" }))).toMatchObject({ pid, host: "elsewhere" });
});

test("a dead process's lock is taken over, once, and so is a torn one", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  // A container's processes have the same numbers again: this one's number, but not its start.
  for (const left of [{ pid }, { pid: process.pid, started: 1 }, '{"pid":', ""]) {
    const file = await leftBy(left);
    const taken = await Promise.all([takeLock(file), takeLock(file)]);
    expect(taken.filter((lock) => typeof lock === "function")).toHaveLength(1);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pid: process.pid });
    expect(await readdir(dirname(file))).toEqual(["run.lock"]);
  }
});

test("of many that find a dead process's lock one takes it over, and the others are refused", async () => {
  for (let round = 0; round < 30; round++) {
    const folder = dirname(await leftBy({ pid: process.pid, started: 1 }));
    const locks = await Promise.allSettled(Array.from({ length: 6 }, () => folderStore(folder).lock()));
    const refused = locks.filter((lock) => lock.status === "rejected");
    expect(refused.map(({ reason }) => reason.fault)).toEqual(Array(5).fill("busy"));
    expect(await readdir(folder)).toEqual(["run.lock"]);
    for (const lock of locks) if (lock.status === "fulfilled") await lock.value();
    expect(await readdir(folder)).toEqual([]);
  }
}, 20_000);

test("a takeover that was cut off is no obstacle, and nobody sees its file", async () => {
  const file = await leftBy({ pid: process.pid, started: 1 });
  await writeFile(`${file}.takeover`, "");
  expect(await folderStore(dirname(file)).list()).toEqual([]);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(`${file}.takeover`, longAgo, longAgo);
  expect(typeof (await takeLock(file))).toBe("function");
  expect(await readdir(dirname(file))).toEqual(["run.lock"]);
});

test("a locked folder says by whom, and one that was made for the lock goes with it", async () => {
  const path = join(dirname(await fresh()), "runs", "one");
  const unlock = await folderStore(path).lock();
  await expect(folderStore(path).lock()).rejects.toMatchObject({
    fault: "busy",
    message:
      `folderStore: a run is under way in ${path}, in process ${process.pid} on ${hostname()}: let it end first. ` +
      `If it is no more, delete ${path}/run.lock.`,
  });
  expect(await folderStore(path).list()).toEqual([]);
  await unlock();
  expect(existsSync(dirname(path))).toBe(false);
});
