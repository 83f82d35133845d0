import { concatenated } from "../math/concatenated.ts";

/** Where a run keeps its files. Names are relative paths with `/`. */
export interface Store {
  /** What a reader should look for: a folder's path, or "memory". */
  readonly location: string;
  /** All or nothing: after a crash the file holds either the old contents or the new. */
  write(name: string, contents: Uint8Array | string): Promise<void>;
  append(name: string, contents: Uint8Array | string): Promise<void>;
  /** Resolves when everything appended so far would survive a power cut. */
  flush(): Promise<void>;
  /** null where there is no such file. */
  read(name: string): Promise<Uint8Array | null>;
  readText(name: string): Promise<string | null>;
  /** The names at the top, folders among them. */
  list(): Promise<string[]>;
  /** Takes the place for one run, and refuses it to a second. Returns what gives it back. */
  lock(): Promise<() => Promise<void>>;
  /** Takes back all that this store has written and appended. */
  withdraw(): Promise<void>;
}

export type StoreFault = "full" | "not-writable" | "not-a-run" | "occupied" | "busy" | "changed" | "missing" | "failed";

/** The place refused. `fault` says in which way, the message says it in a sentence. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** A run kept in memory only. */
export function memoryStore(): Store {
  const files = new Map<string, (Uint8Array | string)[]>();
  let locked = false;
  return {
    location: "memory",
    async write(name, contents) {
      files.set(name, [copied(contents)]);
    },
    async append(name, contents) {
      const parts = files.get(name);
      if (parts) parts.push(copied(contents));
      else files.set(name, [copied(contents)]);
    },
    flush: async () => undefined,
    async read(name) {
      const parts = files.get(name);
      return parts ? concatenated(parts.map((part) => requireType(name, part, "bytes"))) : null;
    },
    async readText(name) {
      return (
        files
          .get(name)
          ?.map((part) => requireType(name, part, "text"))
          .join("") ?? null
      );
    },
    list: async () => [...new Set([...files.keys()].map((name) => name.split("/")[0]))].sort(),
    async lock() {
      if (locked) throw new StoreError("busy", "memoryStore: a run is under way in this store: let it end first.");
      locked = true;
      return async () => {
        locked = false;
      };
    },
    withdraw: async () => files.clear(),
  };
}

function copied(contents: Uint8Array | string): Uint8Array | string {
  return typeof contents === "string" ? contents : contents.slice();
}

function requireType(name: string, part: Uint8Array | string, wanted: "bytes"): Uint8Array;
function requireType(name: string, part: Uint8Array | string, wanted: "text"): string;
function requireType(name: string, part: Uint8Array | string, wanted: "bytes" | "text"): Uint8Array | string {
  if ((typeof part === "string") === (wanted === "text")) return part;
  throw new TypeError(`memoryStore: "${name}" was not written as ${wanted}; read it as it was written.`);
}
