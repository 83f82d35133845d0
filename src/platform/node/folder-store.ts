import { appendFile, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { LOCK } from "../../run/layout.ts";
import { type Store, StoreError, type StoreFault } from "../../run/store.ts";
import { type Holder, takeLock } from "./lock-file.ts";

/** A run kept in a folder, which is made at the first write. */
export function folderStore(path: string): Store {
  const folder = resolve(path);
  const ready = new Set<string>();
  const made: string[] = [];
  const written = new Set<string>();
  const unflushed = new Set<string>();

  async function fileFor(name: string): Promise<string> {
    const file = join(folder, name);
    const parent = dirname(file);
    if (!ready.has(parent)) {
      made.push(...(await makeFolder(parent)));
      ready.add(parent);
    }
    return file;
  }

  return {
    location: path,
    write: (name, contents) =>
      refusing(`write "${name}" in ${path}`, async () => {
        const file = await fileFor(name);
        written.add(file);
        const partial = `${file}.partial`;
        try {
          await writeDurably(partial, contents);
        } catch (error) {
          await rm(partial, { force: true });
          throw error;
        }
        await rename(partial, file);
        await syncFolder(dirname(file));
      }),
    append: (name, contents) =>
      refusing(`append to "${name}" in ${path}`, async () => {
        const file = await fileFor(name);
        written.add(file);
        unflushed.add(file);
        await appendFile(file, contents);
      }),
    flush: () =>
      refusing(`flush ${path}`, async () => {
        for (const file of unflushed) await syncFile(file);
        unflushed.clear();
      }),
    read: (name) =>
      refusing(`read "${name}" in ${path}`, async () => {
        const bytes = await unlessMissing(readFile(join(folder, name)), null);
        return bytes && new Uint8Array(bytes); // a Buffer is a view into memory that others share
      }),
    readText: (name) =>
      refusing(`read "${name}" in ${path}`, () => unlessMissing(readFile(join(folder, name), "utf8"), null)),
    list: () =>
      refusing(`list ${path}`, async () =>
        (await unlessMissing(readdir(folder), [])).filter((name) => !name.startsWith(LOCK)).sort(),
      ),
    lock: () =>
      refusing(`lock ${path}`, async () => {
        const lock = await takeLock(await fileFor(LOCK));
        if (typeof lock !== "function") throw busy(path, lock);
        return async () => {
          await lock();
          await removeEmpty(made.splice(0));
          ready.clear(); // what was removed must be made again
        };
      }),
    withdraw: () =>
      refusing(`remove what was written in ${path}`, async () => {
        for (const file of written) await rm(file, { force: true });
        written.clear();
        unflushed.clear();
      }),
  };
}

/** Level by level: Node 20's recursive `mkdir` never returns where the system lets nobody make a folder, as in /proc. */
async function makeFolder(folder: string): Promise<string[]> {
  if (await unlessMissing(stat(folder), null)) return [];
  const parent = dirname(folder);
  const above = parent === folder ? [] : await makeFolder(parent);
  try {
    await mkdir(folder);
    return [...above, folder];
  } catch (error) {
    if (codeOf(error) === "EEXIST") return above; // someone else was faster
    throw error;
  }
}

/** Leaves alone what holds anything. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => undefined);
}

function busy(path: string, { pid, host }: Holder): StoreError {
  return new StoreError(
    "busy",
    `folderStore: a run is under way in ${path}, in process ${pid} on ${host}: let it end first. ` +
      `If it is no more, delete ${join(path, LOCK)}.`,
  );
}

async function writeDurably(file: string, contents: Uint8Array | string): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is only safe once its folder is on disk. Windows has no such call, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessMissing<T, D>(reading: Promise<T>, otherwise: D): Promise<T | D> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return otherwise;
    throw error;
  }
}

const faults: Readonly<Record<string, readonly [StoreFault, string]>> = {
  ENOSPC: ["full", "the disk is full; what was written before is intact"],
  EDQUOT: ["full", "the disk quota is used up; what was written before is intact"],
  EACCES: ["not-writable", "permission denied"],
  EPERM: ["not-writable", "permission denied"],
  EROFS: ["not-writable", "the file system is read-only"],
  ENOENT: ["not-writable", "there is no such folder, and none can be made"],
  ENOTDIR: ["not-writable", "a part of that path is a file, not a folder"],
  EEXIST: ["not-writable", "a file of that name is in the way"],
  EISDIR: ["not-writable", "a folder of that name is in the way"],
};

async function refusing<T>(task: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const [fault, reason] = faults[codeOf(error)] ?? ["failed", error instanceof Error ? error.message : String(error)];
    throw new StoreError(fault, `folderStore: cannot ${task}: ${reason}.`, { cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
