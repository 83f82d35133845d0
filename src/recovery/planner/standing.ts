import { decodePolicy, type SavedPolicy } from "../../deploy/policy-file.ts";
import type { Clock } from "../clock.ts";
import { type Definition, returnRange } from "../definition.ts";
import { type LadderRules, ladderDefaults } from "../ladder/advance.ts";
import type { LadderOutcome, Promotion } from "../ladder/event.ts";
import { createKeeper } from "../ladder/keeper.ts";
import { type Ladder, rungOf } from "../ladder/ladder.ts";
import type { StateStore } from "../ladder/state-store.ts";
import { networkPolicy } from "../learn/network-policy.ts";
import type { DecisionRecord, Mode } from "../record/decision-record.ts";
import type { Model } from "./consult.ts";
import { createDriftWatch, type DriftWatchOptions } from "./drift-watch.ts";

/** How far the learned policy is trusted now, and who hears what comes of it. */
export interface Standing {
  readonly ladder: Ladder;
  /** The policy in question; null while there is none that can be used. */
  readonly model: Model | null;
  /** Resolves when the ladder and its policy were read, or could not be. */
  readonly ready: Promise<void>;
  /** Of every episode: who decided it, how its first failure looked, its return, and the ladder's `since` when it began. */
  episodeEnded(arm: DecisionRecord["arm"], observation: Float32Array | null, value: number, since: number): void;
  /** The policy's turn came, and it could not be used. */
  fellBack(): void;
  /** Makes a policy the candidate, and lets it up to `mode`. */
  adopt(policy: SavedPolicy | Uint8Array, mode: Mode, canaryShare: number): Promise<LadderOutcome>;
  promote(promotion: Promotion): Promise<LadderOutcome>;
  rollBack(reason: string, to?: Mode): Promise<LadderOutcome>;
  close(): Promise<void>;
}

export interface StandingOptions {
  readonly definition: Definition;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly rules: Partial<LadderRules>;
  readonly drift: DriftWatchOptions;
  readonly onFault: (fault: unknown) => void;
  readonly onChange: (ladder: Ladder) => void;
}

export function createStanding(options: StandingOptions): Standing {
  const { definition, store, clock, onFault } = options;
  const watch = createDriftWatch(definition.encoder, options.drift);
  let model: Model | null = null;
  let loading: Promise<void> = Promise.resolve();
  let wanted: string | null = null;

  const keeper = createKeeper({
    store,
    rules: { ...ladderDefaults, test: returnRange(definition), ...options.rules },
    clock,
    onError: onFault,
    onChange(ladder) {
      if (ladder.policyHash !== wanted) loading = follow(ladder);
      options.onChange(ladder);
    },
  });
  const ready = keeper.ready.then(() => loading);

  /** Until the ladder's policy is here, there is none, and the runbook decides. */
  async function follow({ policyHash, history }: Ladder): Promise<void> {
    wanted = policyHash;
    model = null;
    watch.restart();
    if (policyHash === null) return;
    const trainedAt = history.find((move) => move.policyHash === policyHash)?.time ?? null;
    try {
      const policy = networkPolicy(await store.loadPolicy(policyHash), definition);
      if (wanted === policyHash) model = { policy, trainedAt };
    } catch (fault) {
      if (wanted === policyHash) wanted = null; // the next change tries again
      onFault(fault);
    }
  }

  function observe(observation: Float32Array, value: number): void {
    if (!Number.isFinite(value)) return;
    const detail = watch.observe(observation, value);
    if (detail !== null) keeper.apply({ kind: "drift", detail }).catch(onFault);
  }

  async function adopt(given: SavedPolicy | Uint8Array, mode: Mode, canaryShare: number): Promise<LadderOutcome> {
    const saved = given instanceof Uint8Array ? decodePolicy(given) : given;
    networkPolicy(saved, definition); // refuses what was made for another planner
    const policyHash = await store.savePolicy(saved);
    let outcome = await keeper.apply({ kind: "candidate", policyHash });
    if (outcome.kind !== "refused" && rungOf(keeper.ladder.mode) < rungOf(mode)) {
      const share = mode === "canary" ? { canaryShare } : {};
      outcome = await keeper.apply({ kind: "promote", to: mode, force: `mode: "${mode}" of the options`, ...share });
    }
    await loading;
    return outcome;
  }

  return {
    get ladder() {
      return keeper.ladder;
    },
    get model() {
      return model;
    },
    ready,
    episodeEnded(arm, observation, value, since) {
      keeper.episodeEnded(arm, value, since);
      if (observation) observe(observation, value);
    },
    fellBack: keeper.fellBack,
    adopt,
    promote: (promotion) => keeper.apply({ kind: "promote", ...promotion }),
    rollBack: (reason, to) => keeper.apply({ kind: "rollback", reason, ...(to && { to }) }),
    close: keeper.close,
  };
}
