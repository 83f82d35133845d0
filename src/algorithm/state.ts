import type { NumberArray, Restorable, RestorableArrays, Snapshot } from "../math/snapshot.ts";

/** Everything that decides the rest of a run: arrays by reference, and parts that can tell their state as JSON. */
export interface RunState {
  readonly arrays: Readonly<Record<string, NumberArray>>;
  readonly parts: Readonly<Record<string, Restorable>>;
  /** Arrays of which a snapshot takes only what is in use. */
  readonly stores?: readonly RestorableArrays[];
}

/** Copies of it all. */
export function takeSnapshot({ arrays, parts, stores = [] }: RunState): Snapshot {
  return {
    json: mapValues(parts, (part) => part.snapshot()),
    arrays: Object.assign(
      mapValues(arrays, (array) => array.slice()),
      ...stores.map((store) => store.save()),
    ),
  };
}

/** Puts a snapshot back, where its shape fits. */
export function restoreSnapshot(algorithm: string, { arrays, parts, stores = [] }: RunState, snapshot: Snapshot): void {
  const saved = snapshot.json as Readonly<Record<string, never>>;
  for (const [name, array] of Object.entries(arrays)) {
    const length = snapshot.arrays[name]?.length;
    if (length !== array.length) {
      throw new RangeError(
        `${algorithm}: cannot resume: the snapshot has ${length ?? "no"} numbers of ${name}, these options need ${array.length}.`,
      );
    }
    array.set(snapshot.arrays[name]);
  }
  for (const store of stores) store.load(snapshot.arrays);
  for (const [name, part] of Object.entries(parts)) {
    if (!(name in saved)) throw new TypeError(`${algorithm}: cannot resume: the snapshot says nothing of ${name}.`);
    part.restore(saved[name]);
  }
}

/** The arrays of several optimisers, told apart by whose they are: "actor.firstMoment". */
export function prefixed(
  optimizers: Readonly<Record<string, { readonly arrays: Readonly<Record<string, NumberArray>> }>>,
): Record<string, NumberArray> {
  return Object.fromEntries(
    Object.entries(optimizers).flatMap(([owner, { arrays }]) =>
      Object.entries(arrays).map(([name, array]) => [`${owner}.${name}`, array]),
    ),
  );
}

/** A plain record of numbers as a part. */
export function recordPart<R extends Record<string, number>>(record: R): Restorable {
  return { snapshot: () => ({ ...record }), restore: (state: R) => void Object.assign(record, state) };
}

function mapValues<In, Out>(record: Readonly<Record<string, In>>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
