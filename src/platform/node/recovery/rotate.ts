import { rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFile, syncFolder, unlessMissing } from "../file.ts";
import { waitForLock } from "../lock-file.ts";

/**
 * Puts a log aside as file.1, what was file.1 as file.2, and so on; the one beyond `keep` is gone. One process at a time does it,
 * and the others wait and then find it done.
 */
export async function rotate(file: string, keep: number, isFull: (size: number) => boolean): Promise<void> {
  const unlock = await waitForLock(`${file}.lock`);
  try {
    if (!isFull(await sizeOf(file))) return; // another process was faster
    await syncFile(file);
    // A rotation that was cut off leaves a gap, which is filled first.
    let end = 1;
    while (end < keep && (await sizeOf(`${file}.${end}`)) > 0) end++;
    for (let i = end; i > 1; i--) await rename(`${file}.${i - 1}`, `${file}.${i}`);
    await rename(file, `${file}.1`);
    await syncFolder(dirname(file));
  } finally {
    await unlock();
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await unlessMissing(stat(file), { size: 0 })).size;
}
