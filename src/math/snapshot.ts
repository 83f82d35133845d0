/** Numbers by the block, as a snapshot holds them. */
export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** All that decides a computation's future: `json` survives JSON.stringify, `arrays` are copies. */
export interface Snapshot {
  readonly json: unknown;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

/** Anything whose state can be taken as JSON and put back. */
export interface Restorable {
  snapshot(): unknown;
  restore(state: never): void;
}

/** Anything whose state is arrays that grow as it is used. */
export interface RestorableArrays {
  /** Copies of what is in use. */
  save(): Record<string, NumberArray>;
  /** Puts them back; refuses what does not fit. */
  load(arrays: Readonly<Record<string, NumberArray>>): void;
}
