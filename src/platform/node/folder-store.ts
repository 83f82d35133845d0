import { appendFile, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { LOCK } from "../../run/layout.ts";
import { type Store, StoreError } from "../../run/store.ts";
import { faultOf, makeFolder, replaceFile, syncFile, unlessMissing } from "./file.ts";
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
        await replaceFile(file, contents);
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

async function refusing<T>(task: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const [fault, reason] = faultOf(error);
    throw new StoreError(fault, `folderStore: cannot ${task}: ${reason}.`, { cause: error });
  }
}
