import { type FileHandle, open, readdir } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { DecisionRecord } from "../../../recovery/record/decision-record.ts";
import { parseRecord } from "../../../recovery/record/parse-record.ts";
import { unlessMissing } from "../file.ts";

/** Characters that a line may have. */
export const longestLine = 2 ** 20;

/** The decisions of a log, read as they are asked for. */
export interface DecisionReader extends AsyncIterable<DecisionRecord> {
  /** Lines passed over in the latest reading: torn by a crash, or not of a decision. */
  readonly skipped: number;
}

export interface ReadOptions {
  /** Told why a line is passed over. */
  readonly onSkip?: (error: unknown) => void;
}

/** Reads path and what was rotated away from it, oldest first, a piece at a time. Processes may go on writing and rotating. */
export function readDecisions(path: string, { onSkip }: ReadOptions = {}): DecisionReader {
  let skipped = 0;

  function parsed(line: string): DecisionRecord | null {
    try {
      return parseRecord(line);
    } catch (error) {
      skipped++;
      onSkip?.(error);
      return null;
    }
  }

  return {
    get skipped() {
      return skipped;
    },
    async *[Symbol.asyncIterator]() {
      skipped = 0;
      const handles = await openAll(path);
      try {
        for (const handle of handles) {
          for await (const line of linesOf(handle)) {
            const record = parsed(line);
            if (record) yield record;
          }
        }
      } finally {
        for (const handle of handles) await handle.close();
      }
    },
  };
}

/** Oldest first. Opened youngest first, since a rotation meanwhile only moves files to higher numbers; none is taken twice. */
async function openAll(path: string): Promise<FileHandle[]> {
  const file = resolve(path);
  const handles: FileHandle[] = [];
  const known = new Set<string>();
  try {
    for (const place of [file, ...(await rotatedOf(file))]) {
      const handle = await unlessMissing(open(place), null);
      if (!handle) continue;
      const { dev, ino } = await handle.stat();
      if (known.has(`${dev}:${ino}`)) {
        await handle.close();
        continue;
      }
      known.add(`${dev}:${ino}`);
      handles.unshift(handle);
    }
  } catch (error) {
    for (const handle of handles) await handle.close();
    throw error;
  }
  if (handles.length === 0) throw new Error(`readDecisions: there is no log at ${path}.`);
  return handles;
}

/** path.1, path.2 … as far as there are any, and one more that a rotation may just make. */
async function rotatedOf(file: string): Promise<string[]> {
  const prefix = `${basename(file)}.`;
  const numbers = (await unlessMissing(readdir(dirname(file)), []))
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d{0,5}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
  return [...numbers, (numbers.at(-1) ?? 0) + 1].map((number) => `${file}.${number}`);
}

/** Lines without their ends. One that is too long comes cut, and so is told as torn. */
async function* linesOf(handle: FileHandle): AsyncGenerator<string> {
  const chunk = Buffer.alloc(2 ** 16);
  let begun: Buffer[] = [];
  let length = 0;

  function take(bytes: Buffer): void {
    if (length <= longestLine * 4) begun.push(Buffer.from(bytes)); // a copy: the chunk is read into again
    length += bytes.length;
  }

  function ended(): string {
    const line = Buffer.concat(begun).toString();
    begun = [];
    length = 0;
    return line;
  }

  while (true) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0 && end < bytesRead; end = chunk.indexOf(0x0a, end + 1)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      const line = ended();
      if (line !== "") yield line;
    }
    take(chunk.subarray(start, bytesRead));
  }
  if (length > 0) yield ended();
}
