import { unwatchFile, watchFile } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { decodePolicy, encodePolicy } from "../../../deploy/policy-file.ts";
import { type Ladder, ladderAfterLoss } from "../../../recovery/ladder/ladder.ts";
import { DamagedLadderError, decodeLadder, encodeLadder } from "../../../recovery/ladder/ladder-text.ts";
import type { StateStore } from "../../../recovery/ladder/state-store.ts";
import { StoreError } from "../../../run/store.ts";
import { faultOf, makeFolder, replaceFile, unlessMissing } from "../file.ts";
import { waitForLock } from "../lock-file.ts";

export interface StateFolderOptions {
  /** An update lasts milliseconds: from a process that holds the lock this long it is taken. */
  readonly patienceMs?: number;
  /** How often the file is looked at for the changes of others. */
  readonly pollMs?: number;
  /** Told when a damaged file was put aside. Unless given, the process warns. */
  readonly onDamage?: (error: Error) => void;
}

/**
 * A ladder kept in a folder, which the processes of a host share: `ladder.json`, replaced whole under a lock, and a file for each
 * policy. A process that is killed at any moment leaves the old ladder or the new one.
 */
export function stateFolder(path: string, options: StateFolderOptions = {}): StateStore {
  const { patienceMs = 10_000, pollMs = 1000, onDamage = (error) => process.emitWarning(error) } = options;
  const folder = resolve(path);
  const file = join(folder, "ladder.json");
  const policyFile = (hash: string) => join(folder, `policy-${requireHash(hash)}.safetensors`);

  async function locked<T>(work: () => Promise<T>): Promise<T> {
    await makeFolder(folder);
    const unlock = await waitForLock(join(folder, "ladder.lock"), patienceMs);
    try {
      return await work();
    } finally {
      await unlock();
    }
  }

  async function readWhole(): Promise<Ladder | null> {
    const text = await unlessMissing(readFile(file, "utf8"), null);
    return text === null ? null : decodeLadder(text);
  }

  /** Under the lock. A damaged ladder is put aside, and one that trusts nobody takes its place. */
  async function readOrReplace(): Promise<Ladder | null> {
    try {
      return await readWhole();
    } catch (error) {
      if (!(error instanceof DamagedLadderError)) throw error;
      const aside = join(folder, `ladder.damaged-${Date.now()}.json`);
      await rename(file, aside);
      const fresh = ladderAfterLoss(Date.now(), `the ladder was damaged, and is kept as ${aside}`);
      await replaceFile(file, encodeLadder(fresh));
      onDamage(new Error(`stateFolder: ${error.message} It is kept as ${aside}, and the runbook decides.`));
      return fresh;
    }
  }

  return {
    read: () =>
      refusing(`read ${file}`, async () => {
        try {
          return await readWhole();
        } catch (error) {
          if (error instanceof DamagedLadderError) return locked(readOrReplace);
          throw error;
        }
      }),
    update: (change) =>
      refusing(`change ${file}`, () =>
        locked(async () => {
          while (true) {
            const ladder = await readOrReplace();
            const next = change(ladder);
            if (next === ladder) return next;
            // Whoever slept with the lock in hand may have lost it meanwhile.
            const isUnchanged = async () => (await readWhole())?.version === ladder?.version;
            if (await replaceFile(file, encodeLadder(next), isUnchanged)) return next;
          }
        }),
      ),
    watch(listener) {
      watchFile(file, { interval: pollMs, persistent: false }, listener);
      return () => unwatchFile(file, listener);
    },
    savePolicy: (policy) =>
      refusing(`save a policy in ${path}`, async () => {
        const hash = policy.training.parametersHash;
        await locked(() => replaceFile(policyFile(hash), encodePolicy(policy, policy.training)));
        return hash;
      }),
    loadPolicy: (hash) =>
      refusing(`load policy ${hash} from ${path}`, async () => {
        const bytes = await unlessMissing(readFile(policyFile(hash)), null);
        if (!bytes) throw new StoreError("missing", `stateFolder: there is no policy ${hash} in ${path}.`);
        const policy = decodePolicy(bytes);
        if (policy.training.parametersHash === hash) return policy;
        throw new Error(`the file holds policy ${policy.training.parametersHash}`);
      }),
  };
}

/** It becomes a file's name. */
function requireHash(hash: string): string {
  if (/^[0-9a-z]{1,128}$/i.test(hash)) return hash;
  throw new TypeError(`stateFolder: a policy's hash must be letters and digits, got ${JSON.stringify(hash)}.`);
}

async function refusing<T>(task: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError || error instanceof TypeError) throw error;
    const [fault, reason] = faultOf(error);
    throw new StoreError(fault, `stateFolder: cannot ${task}: ${reason.replace(/\.$/, "")}.`, { cause: error });
  }
}
