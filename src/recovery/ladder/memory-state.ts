import { decodePolicy, encodePolicy } from "../../deploy/policy-file.ts";
import type { Ladder } from "./ladder.ts";
import type { StateStore } from "./state-store.ts";

/** A ladder of this process alone, gone with it. */
export function memoryState(): StateStore {
  const policies = new Map<string, Uint8Array>();
  const listeners = new Set<() => void>();
  let ladder: Ladder | null = null;
  return {
    read: async () => ladder,
    async update(change) {
      const next = change(ladder);
      if (next === ladder) return next;
      ladder = next;
      for (const listener of listeners) listener();
      return next;
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async savePolicy(policy) {
      const hash = policy.training.parametersHash;
      policies.set(hash, encodePolicy(policy, policy.training));
      return hash;
    },
    async loadPolicy(hash) {
      const bytes = policies.get(hash);
      if (bytes) return decodePolicy(bytes);
      throw new Error(`memoryState: there is no policy ${hash}.`);
    },
  };
}
