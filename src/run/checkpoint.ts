import { decodeSafetensors, encodeSafetensors, type Safetensors } from "../deploy/safetensors.ts";
import { crc32c } from "../math/crc32c.ts";
import type { Snapshot } from "../math/snapshot.ts";
import type { Deciding } from "./config.ts";
import { CHECKPOINTS } from "./layout.ts";
import type { Platform } from "./platform.ts";
import { RunError } from "./run-error.ts";
import type { RunState } from "./run-state.ts";
import type { Store } from "./store.ts";

/** Where a run stood. */
export interface Checkpoint {
  /** The algorithm's. */
  readonly snapshot: Snapshot;
  /** The run's own. */
  readonly state: RunState;
  /** What was trained, by its config at that time. */
  readonly trained: Deciding;
}

export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint | null;
  /** Where it was found; the next one goes into the other. */
  readonly file: string | null;
  /** What was wrong with the other, if anything. */
  readonly damage: readonly string[];
}

/** The newest sound checkpoint; null where none was written yet. Refuses where all that were written are damaged. */
export async function findCheckpoint(store: Store): Promise<FoundCheckpoint> {
  const damage: string[] = [];
  let found: FoundCheckpoint = { checkpoint: null, file: null, damage };
  for (const file of CHECKPOINTS) {
    const bytes = await store.read(file);
    if (!bytes) continue;
    try {
      const checkpoint = decodeCheckpoint(bytes);
      if (checkpoint.state.steps >= (found.checkpoint?.state.steps ?? 0)) found = { checkpoint, file, damage };
    } catch (error) {
      damage.push(`${store.location}/${file} is damaged: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (found.checkpoint || damage.length === 0) return found;
  throw new RunError(`resume: no sound checkpoint is left. ${damage.join(" ")}`);
}

export interface Checkpointer {
  /** Whether it is time again. */
  due(): boolean;
  /** The file it was written to. */
  save(checkpoint: Checkpoint): Promise<string>;
}

/** Every two seconds, or more seldom where writing takes so long that it would cost more than 2 % of the time. */
export function createCheckpointer(store: Store, platform: Platform, lastFile: string | null): Checkpointer {
  let next = lastFile === CHECKPOINTS[0] ? 1 : 0;
  let dueAt = platform.now();
  return {
    due: () => platform.now() >= dueAt,
    async save(checkpoint) {
      const file = CHECKPOINTS[next];
      const begin = platform.now();
      await store.flush(); // nor lag behind it after a power cut
      await store.write(file, encodeCheckpoint(checkpoint));
      const end = platform.now();
      dueAt = end + Math.max(2000, 50 * (end - begin));
      next = 1 - next;
      return file;
    },
  };
}

/** A safetensors file: the arrays as tensors, the rest as JSON under the key "belay", and a checksum of it all. */
export function encodeCheckpoint({ snapshot, state, trained }: Checkpoint): Uint8Array {
  const tensors = Object.fromEntries(
    Object.entries(snapshot.arrays).map(([name, data]) => [name, { shape: [data.length], data }]),
  );
  const belay = JSON.stringify({ snapshot: snapshot.json, state, trained });
  return encodeSafetensors(tensors, { belay, crc32c: checksum(tensors, belay) });
}

export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { belay = "", crc32c } = metadata;
  if (checksum(tensors, belay) !== crc32c) throw new RunError("it does not match its checksum.");
  const { snapshot, ...rest } = JSON.parse(belay) as Omit<Checkpoint, "snapshot"> & { readonly snapshot: unknown };
  const arrays = Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
  return { snapshot: { json: snapshot, arrays }, ...rest };
}

/** Of the file as it would be without the checksum. */
function checksum(tensors: Safetensors["tensors"], belay: string): string {
  return crc32c(encodeSafetensors(tensors, { belay })).toString(16).padStart(8, "0");
}
