import type { RunEvent } from "../run/event.ts";
import { type Store, StoreError } from "../run/store.ts";
import { UsageError } from "./usage-error.ts";

const FILE = "command.json";

/** What the command line must remember of a run, beside its config: `command.json`. */
export interface RunRecord {
  /** The id, or the module's path in full: where `resume` and `eval` find the environment. */
  readonly environment: string;
  /** "off", or the library that did the large products, by name or path. */
  readonly blas: string;
  readonly threads: number;
  /** What that was on this machine: "wasm + OpenBLAS 0.3.21 SkylakeX". */
  readonly kernel: string;
}

export function recordOf(environment: string, { blas, threads, kernel }: Omit<RunRecord, "environment">): RunRecord {
  return { environment, blas, threads, kernel };
}

/** The same events; what is to be remembered is written as soon as the run has its folder. */
export async function* recorded(
  events: AsyncIterable<RunEvent>,
  store: Store,
  record: RunRecord,
): AsyncGenerator<RunEvent> {
  let written = false;
  for await (const event of events) {
    if (!written) await store.write(FILE, `${JSON.stringify(record, null, 2)}\n`);
    written = true;
    yield event;
  }
}

/** What was remembered, filled in where it says nothing: a run that was not started here names its environment itself. */
export async function readRecord(store: Store, environment: string): Promise<RunRecord> {
  const record = { environment, blas: "off", threads: 1, kernel: "wasm" };
  const text = await store.readText(FILE);
  if (text === null) return record;
  try {
    const read = { ...record, ...(JSON.parse(text) as Partial<RunRecord>) };
    if ([read.environment, read.blas, read.kernel].every((name) => typeof name === "string")) return read;
  } catch {} // told below
  throw new UsageError(
    `${store.location}/${FILE} is damaged: delete it if the environment is registered as ${environment}.`,
  );
}

/** Whether a path holds nothing yet. */
export async function isVacant(store: Store): Promise<boolean> {
  try {
    return (await store.list()).length === 0;
  } catch (error) {
    if (error instanceof StoreError) return true; // the run will say what is wrong with it
    throw error;
  }
}
