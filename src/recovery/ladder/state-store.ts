import type { SavedPolicy } from "../../deploy/policy-file.ts";
import type { Ladder } from "./ladder.ts";

/** Where a ladder is kept that several processes climb together. */
export interface StateStore {
  /** null where there is none yet. */
  read(): Promise<Ladder | null>;
  /** Reads, changes and writes as one, whoever else does. A change that returns what it was given writes nothing. */
  update(change: (ladder: Ladder | null) => Ladder): Promise<Ladder>;
  /** Calls back when the ladder may have changed, by this process or another. Returns what ends that. */
  watch(listener: () => void): () => void;
  /** Keeps a policy under the hash of its training record, which it returns. */
  savePolicy(policy: SavedPolicy): Promise<string>;
  /** Throws where it is missing or damaged: there is the runbook. */
  loadPolicy(hash: string): Promise<SavedPolicy>;
}
