import type { Clock } from "../clock.ts";
import type { Symptom } from "../failure.ts";
import { BreakerOpenError } from "../planner/breaker-open-error.ts";
import type { Planner } from "../planner/create-planner.ts";
import type { RecoveryEpisode } from "../planner/episode.ts";
import { passOn } from "../planner/passed-on.ts";
import type { Signal } from "../planner/signal.ts";
import type { StepFacts } from "../planner/step-facts.ts";

/** A call that a library makes, again and again. Between two of them the planner decides: wait, or give up. */
export interface Repetition {
  /** Resolves when the first call may be made. */
  admitted(): Promise<void>;
  /** A call failed. Resolves when the next one may be made; rejects with the error where it is given up. */
  failed(error: unknown, seen?: Partial<Symptom>): Promise<void>;
  succeeded(): void;
  /** It failed, and cannot be made again whatever is decided. */
  abandoned(error: unknown): void;
  /** The caller wants no more of it. */
  aborted(): void;
}

/** One step of `service` that is called by others, from now on. */
export function repetition(
  planner: Planner,
  service: string,
  facts: StepFacts,
  args: readonly unknown[] = [],
  signal: Signal | undefined = undefined,
): Repetition {
  const { clock } = planner;
  const begin = clock.now();
  let episode: RecoveryEpisode | null = null;

  /** Who succeeds at once has no episode. */
  function opened(): RecoveryEpisode {
    episode ??= planner.episode(service, { only: ["retry"], ...facts }, args, { elapsedMs: clock.now() - begin });
    return episode;
  }

  async function failed(error: unknown, seen?: Partial<Symptom>): Promise<void> {
    let decision = opened().failed(error, seen);
    while (decision.choice.action.kind !== "escalate") {
      try {
        await sleep(decision.waitMs, clock, signal);
      } catch (reason) {
        opened().aborted();
        throw reason;
      }
      if (planner.admits(service)) return;
      decision = opened().failed(new BreakerOpenError(service));
    }
    opened().gaveUp();
    throw passOn(error);
  }

  return {
    failed,
    async admitted() {
      if (!planner.admits(service)) await failed(new BreakerOpenError(service));
    },
    succeeded() {
      if (episode) episode.succeeded();
      else planner.succeeded(service);
    },
    abandoned(error) {
      const { choice } = opened().failed(error);
      if (choice.action.kind === "escalate") opened().gaveUp();
      else opened().unseen();
    },
    aborted: () => episode?.aborted(),
  };
}

function sleep(milliseconds: number, clock: Clock, signal: Signal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    function abort(): void {
      cancel();
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", abort);
  });
}
