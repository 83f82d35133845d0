import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { DecisionLog, DecisionRecord } from "../../../recovery/record/decision-record.ts";
import { codeOf, faultOf, makeFolder, syncFile, syncFolder, unlessMissing } from "../file.ts";
import { longestLine } from "./read-decisions.ts";
import { rotate } from "./rotate.ts";

export interface JsonlOptions {
  /** A file this large is put aside as path.1, and a new one is begun. */
  readonly maxBytes?: number;
  /** How many are kept aside: path.1, the youngest, to path.<keep>. */
  readonly keep?: number;
  /** Bytes that may wait for the disk. What comes on top is lost, for memory has an end. */
  readonly maxWaiting?: number;
  /** Told when writing begins to fail, and not again until it has succeeded. Unless given, the process warns. */
  readonly onError?: (error: Error) => void;
}

/** Bytes of one write, unless a single line is longer. */
const batchBytes = 2 ** 18;
const newline = 0x0a;

/**
 * A log in a file, a line of JSON for each decision. Several processes of a host may append to the same file: a write is one call
 * of whole lines at the end. No file stays open between writes, so that a rotation by one process never misleads another.
 */
export function jsonl(path: string, options: JsonlOptions = {}): DecisionLog {
  const {
    maxBytes = 2 ** 26,
    keep = 4,
    maxWaiting = 2 ** 24,
    onError = (error) => process.emitWarning(error),
  } = options;
  if (!(maxBytes > 0)) throw new RangeError(`jsonl: maxBytes must be positive, got ${maxBytes}.`);
  if (!(Number.isSafeInteger(keep) && keep > 0)) throw new RangeError(`jsonl: keep must be 1 or more, got ${keep}.`);
  if (!(maxWaiting > 0)) throw new RangeError(`jsonl: maxWaiting must be positive, got ${maxWaiting}.`);
  const file = resolve(path);
  const failing = new Set<string>();
  let waiting: string[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | null = null;
  let flushing = Promise.resolve();
  let accepted = 0;
  let settled = 0;
  let unsynced = 0;
  let lost = 0;

  /** Starts the next write, unless one is under way. */
  function pump(): void {
    if (writing || waiting.length === 0) return;
    writing = writeNext().finally(() => {
      writing = null;
      pump();
    });
  }

  async function writeNext(): Promise<void> {
    await setImmediate(); // a burst shares a write
    const lines = takeBatch();
    let written = 0;
    try {
      await rotateIfFull();
      written = await writeLines(lines);
    } catch (error) {
      lost += lines.length;
      settled += lines.length;
      fail("append to", error);
      return;
    }
    unsynced += written;
    settled += written;
    failing.delete("append to");
    const rest = lines.slice(written); // the disk took only a part
    waiting = [...rest, ...waiting];
    for (const line of rest) waitingBytes += line.length;
  }

  function takeBatch(): string[] {
    let count = 0;
    let bytes = 0;
    while (count < waiting.length && (count === 0 || bytes + waiting[count].length <= batchBytes)) {
      bytes += waiting[count++].length;
    }
    waitingBytes -= bytes;
    return waiting.splice(0, count);
  }

  async function rotateIfFull(): Promise<void> {
    const isFull = (size: number) => size >= maxBytes;
    const { size } = await unlessMissing(stat(file), { size: 0 });
    if (!isFull(size)) return;
    try {
      await rotate(file, keep, isFull);
      failing.delete("rotate");
    } catch (error) {
      fail("rotate", error); // a long log is better than none
    }
  }

  /** How many of them arrived whole. */
  async function writeLines(lines: readonly string[]): Promise<number> {
    const handle = await openToAppend(file);
    try {
      const torn = await isTorn(handle);
      const bytes = Buffer.from((torn ? "\n" : "") + lines.join(""));
      const { bytesWritten } = await handle.write(bytes);
      const reach = bytes[bytesWritten] === newline ? bytesWritten + 1 : bytesWritten; // whole but for its end
      const written = countLines(bytes.subarray(0, reach)) - (torn ? 1 : 0);
      if (written < 1) throw Object.assign(new Error("no line was taken whole"), { code: "ENOSPC" });
      return written;
    } finally {
      await handle.close();
    }
  }

  async function sync(): Promise<void> {
    const target = accepted;
    while (settled < target) await writing;
    const records = unsynced;
    unsynced = 0;
    if (records === 0) return;
    try {
      for (const place of [file, `${file}.1`]) await syncIfThere(place); // another process may have rotated meanwhile
      await syncFolder(dirname(file));
      failing.delete("sync");
    } catch (error) {
      lost += records;
      fail("sync", error);
    }
  }

  function fail(task: string, error: unknown): void {
    if (failing.has(task)) return;
    failing.add(task);
    const message = `jsonl: cannot ${task} ${path}: ${faultOf(error)[1]}. Decisions lost so far: ${lost}.`;
    try {
      onError(new Error(message, { cause: error }));
    } catch {} // whoever listens must not stop the log
  }

  return {
    get lost() {
      return lost;
    },
    append(record) {
      try {
        const line = encode(record);
        if (waitingBytes + line.length > maxWaiting)
          throw new RangeError(`more than ${maxWaiting} bytes wait for the disk`);
        waiting.push(line);
        waitingBytes += line.length;
        accepted++;
        pump();
      } catch (error) {
        lost++;
        fail("take a decision for", error);
      }
    },
    flush() {
      flushing = flushing.then(sync);
      return flushing;
    },
  };
}

function encode(record: DecisionRecord): string {
  const line = `${JSON.stringify(record)}\n`;
  if (line.length <= longestLine) return line;
  throw new RangeError(`a decision must take at most ${longestLine} characters, got ${line.length}`);
}

async function openToAppend(file: string): Promise<FileHandle> {
  try {
    return await open(file, "a+");
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    await makeFolder(dirname(file));
    return open(file, "a+");
  }
}

/** Whether the last line was cut off, by a crash or a full disk: what follows it must begin a line of its own. */
async function isTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== newline;
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let i = bytes.indexOf(newline); i >= 0; i = bytes.indexOf(newline, i + 1)) count++;
  return count;
}

/** What is no file on a disk cannot be synced, and need not be. */
async function syncIfThere(file: string): Promise<void> {
  try {
    await unlessMissing(syncFile(file), undefined);
  } catch (error) {
    if (codeOf(error) !== "EINVAL") throw error;
  }
}
