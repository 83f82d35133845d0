import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { StoreFault } from "../../run/store.ts";

/**
 * All or nothing, through a power cut too: the file holds either the old contents or the new. `confirm` is asked at the last
 * moment; where it says no, nothing was written, and false comes back.
 */
export async function replaceFile(
  file: string,
  contents: Uint8Array | string,
  confirm: () => Promise<boolean> = async () => true,
): Promise<boolean> {
  const partial = `${file}.partial`;
  try {
    await writeDurably(partial, contents);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  if (!(await confirm())) return false;
  await rename(partial, file);
  await syncFolder(dirname(file));
  return true;
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

/** Level by level: Node 20's recursive `mkdir` never returns where the system lets nobody make a folder, as in /proc. */
export async function makeFolder(folder: string): Promise<string[]> {
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

export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is only safe once its folder is on disk. Windows has no such call, and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function unlessMissing<T, D>(reading: Promise<T>, otherwise: D): Promise<T | D> {
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

/** What the system's refusal means, in words. */
export function faultOf(error: unknown): readonly [StoreFault, string] {
  return faults[codeOf(error)] ?? ["failed", error instanceof Error ? error.message : String(error)];
}

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
