import { type Arm, createDifferenceTest, mergeDifferenceTests, observeReturn } from "../../math/difference-test.ts";
import type { Clock } from "../clock.ts";
import { advance, type LadderRules } from "./advance.ts";
import type { LadderEvent, LadderOutcome, Seen } from "./event.ts";
import { createLadder, type Ladder } from "./ladder.ts";
import type { StateStore } from "./state-store.ts";

/** One process's hand on the ladder. */
export interface Keeper {
  /** As last heard of. Until `ready` it is one that nobody has climbed, so that a planner starts with its runbook. */
  readonly ladder: Ladder;
  /** Resolves when the ladder was read, or could not be. */
  readonly ready: Promise<void>;
  /** An episode ended. Counted here, and told to the others in batches; not one that began under another `since` of the ladder. */
  episodeEnded(arm: Arm, value: number, since: number): void;
  /** It was the policy's turn, and it could not be used. */
  fellBack(): void;
  /** Takes an event to the store at once. */
  apply(event: Untimed<LadderEvent>): Promise<LadderOutcome>;
  /** Tells the others what was counted. */
  flush(): Promise<void>;
  /** The last flush; the store is watched no more. */
  close(): Promise<void>;
}

/** The keeper puts the time in. */
type Untimed<E> = E extends unknown ? Omit<E, "time"> : never;

export interface KeeperOptions {
  readonly store: StateStore;
  readonly rules: LadderRules;
  readonly clock: Pick<Clock, "wall" | "after">;
  /** So many episodes are told at once. */
  readonly batchEpisodes?: number;
  /** None waits longer than this to be told. */
  readonly batchMs?: number;
  readonly onChange?: (ladder: Ladder) => void;
  /** Told when the store begins to refuse, and not again until it has answered. What was counted is kept. */
  readonly onError?: (error: unknown) => void;
}

export function createKeeper(options: KeeperOptions): Keeper {
  const { store, rules, clock, batchEpisodes = 50, batchMs = 1000, onChange, onError } = options;
  let ladder = createLadder();
  let counted = nothing(ladder);
  let cancelTimer: (() => void) | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let flushing: Promise<void> | null = null;
  let failing = false;

  /** One look or change after the other, so that what was read first is never taken for the latest. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  function heard(latest: Ladder): void {
    failing = false;
    const isNews = latest.version !== ladder.version || latest.since !== ladder.since;
    ladder = latest;
    if (counted.since !== ladder.since) counted = nothing(ladder);
    if (!isNews) return;
    try {
      onChange?.(ladder);
    } catch (error) {
      onError?.(error); // whoever listens must not undo what was done
    }
  }

  function failed(error: unknown): void {
    if (failing) return;
    failing = true;
    onError?.(error);
  }

  async function look(): Promise<void> {
    try {
      heard((await store.read()) ?? createLadder());
    } catch (error) {
      failed(error);
    }
  }

  async function apply(event: LadderEvent): Promise<LadderOutcome> {
    let outcome: LadderOutcome = { kind: "stayed" };
    const latest = await store.update((current) => {
      const step = advance(current ?? createLadder(), event, rules);
      outcome = step.outcome;
      return step.ladder;
    });
    heard(latest);
    return outcome;
  }

  async function send(): Promise<void> {
    cancelTimer?.();
    cancelTimer = null;
    const seen = counted;
    if (isEmpty(seen)) return;
    counted = nothing(ladder);
    try {
      await apply({ kind: "seen", time: clock.wall(), ...seen });
    } catch (error) {
      if (counted.since === seen.since) counted = together(seen, counted);
      failed(error);
    }
  }

  /** Bursts share a turn. */
  function flush(): Promise<void> {
    flushing ??= inTurn(() => {
      flushing = null;
      return send();
    });
    return flushing;
  }

  function count(seen: Seen): void {
    counted = together(counted, seen);
    if (counted.episodes.policy + counted.episodes.baseline >= batchEpisodes) void flush();
    else cancelTimer ??= clock.after(batchMs, () => void flush());
  }

  const ready = inTurn(look);
  const unwatch = store.watch(() => void inTurn(look));
  return {
    get ladder() {
      return ladder;
    },
    ready,
    episodeEnded(arm, value, since) {
      if (ladder.mode === "observe") return; // nothing is decided by how many there were
      if (since !== ladder.since) return; // its arm was drawn for another mode
      const seen = nothing(ladder);
      if (seen.test && Number.isFinite(value)) observeReturn(seen.test, arm, within(value, seen.test.options));
      const episodes = { policy: 0, baseline: 0, [arm]: 1 };
      count({ ...seen, episodes });
    },
    fellBack() {
      count({ ...nothing(ladder), fallbacks: 1 });
    },
    apply: (event) => inTurn(() => apply({ ...event, time: clock.wall() } as LadderEvent)),
    flush,
    async close() {
      unwatch();
      await flush();
    },
  };
}

function nothing({ since, mode, test }: Ladder): Seen {
  const own = mode === "canary" && test ? createDifferenceTest(test.options) : null;
  return { since, episodes: { policy: 0, baseline: 0 }, test: own, fallbacks: 0 };
}

function isEmpty({ episodes, fallbacks }: Seen): boolean {
  return episodes.policy + episodes.baseline + fallbacks === 0;
}

function together(a: Seen, b: Seen): Seen {
  return {
    since: a.since,
    episodes: {
      policy: a.episodes.policy + b.episodes.policy,
      baseline: a.episodes.baseline + b.episodes.baseline,
    },
    test: a.test && b.test ? mergeDifferenceTests(a.test, b.test) : (a.test ?? b.test),
    fallbacks: a.fallbacks + b.fallbacks,
  };
}

/** An action that overran its deadline cannot make an episode worse than the worst that the test knows. */
function within(value: number, { lowest, highest }: { readonly lowest: number; readonly highest: number }): number {
  return Math.min(Math.max(value, lowest), highest);
}
