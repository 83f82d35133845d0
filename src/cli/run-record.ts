import { type Store, StoreError } from "../run/store.ts";
import { UsageError } from "./usage-error.ts";

const FILE = "command.json";

/** What the command line must remember of a run, beside its config: `command.json`. */
export interface RunRecord {
  /** The id, or the module's path in full: where `resume` and `eval` find the environment. */
  readonly environment: string;
  /** What the arithmetic was done with. */
  readonly blas: "off";
  readonly threads: 1;
}

export async function writeRecord(store: Store, record: RunRecord): Promise<void> {
  await store.write(FILE, `${JSON.stringify(record, null, 2)}\n`);
}

/** Where to find the environment of a run; a run that was not started here names it itself. */
export async function environmentOf(store: Store, named: string): Promise<string> {
  const text = await store.readText(FILE);
  if (text === null) return named;
  try {
    const { environment } = JSON.parse(text) as Partial<RunRecord>;
    if (typeof environment === "string") return environment;
  } catch {} // told below
  throw new UsageError(`${store.location}/${FILE} is damaged: delete it if the environment is registered as ${named}.`);
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
