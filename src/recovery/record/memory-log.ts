import type { DecisionLog, DecisionRecord } from "./decision-record.ts";

/** A log kept in memory: of tests, of browsers, of processes too short for a file. */
export interface MemoryLog extends DecisionLog {
  /** Oldest first. */
  readonly records: readonly DecisionRecord[];
}

export function memoryLog(): MemoryLog {
  const records: DecisionRecord[] = [];
  return {
    records,
    lost: 0,
    append: (record) => void records.push(record),
    flush: async () => undefined,
  };
}
