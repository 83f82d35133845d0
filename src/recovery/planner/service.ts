import type { Choice } from "../action/action.ts";
import { type Failure, UNLIMITED_RETRIES } from "../failure.ts";
import type { Breaker } from "../guard/breaker.ts";
import { type ErrorRates, errorRates } from "../guard/error-rates.ts";
import type { FallbackBudget } from "../guard/fallback-budget.ts";
import type { Specification } from "../guard/specification.ts";
import type { RetryBudget } from "../guard/token-bucket.ts";

/** Hard limits that every service has for itself; null for none. */
export interface ServiceGuards {
  readonly breaker: Specification<Breaker> | null;
  readonly retryBudget: Specification<RetryBudget> | null;
  readonly fallbackBudget: Specification<FallbackBudget> | null;
}

/** What the planner knows of one service: its guards, and how its calls went lately. */
export interface Service {
  readonly name: string;
  /** Whether the service may be called now; in half-open, a yes is the one probe. */
  admits(now: number): boolean;
  /** Of each call to the service itself. Allocates nothing. */
  succeeded(now: number, begun?: number): void;
  failed(now: number, failureClass: string, begun?: number): void;
  /** Of each action, by its name. */
  actionEnded(key: string, now: number, ok: boolean): void;
  /** Takes out of `mask` what the guards forbid. */
  restrict(choices: readonly Choice[], retryAfterMs: number, now: number, mask: Uint8Array): void;
  /** Pays for a choice that is about to be done. */
  spend(choice: Choice, now: number): void;
  breakerState(now: number): Failure["breaker"]["state"];
  stats(now: number): Failure["stats"];
  health(now: number): Failure["health"];
  retriesLeft(now: number): number;
}

/** The caller's own mistakes say nothing about the service's health. */
const ofTheCaller: ReadonlySet<string> = new Set(["4XX", "NODATA", "BADDATA"]);

export function createService(name: string, guards: ServiceGuards): Service {
  const breaker = guards.breaker?.create() ?? null;
  const retryBudget = guards.retryBudget?.create() ?? null;
  const fallbackBudget = guards.fallbackBudget?.create() ?? null;
  const rates = errorRates();
  const actions = new Map<string, ErrorRates>();

  return {
    name,
    admits: (now) => breaker === null || breaker.allows(now),
    succeeded(now, begun = now) {
      rates.onResult(now, true);
      breaker?.onResult(now, true, begun);
      retryBudget?.onSuccess(now);
    },
    failed(now, failureClass, begun = now) {
      const healthy = ofTheCaller.has(failureClass);
      rates.onResult(now, false);
      breaker?.onResult(now, healthy, begun);
    },
    actionEnded(key, now, ok) {
      let known = actions.get(key);
      if (!known) {
        known = errorRates();
        actions.set(key, known);
      }
      known.onResult(now, ok);
    },
    restrict(choices, retryAfterMs, now, mask) {
      const openForMs = breaker?.openForMs(now) ?? 0;
      const retries = retryBudget?.left(now) ?? Infinity;
      const spendable = fallbackBudget?.left(now) ?? Infinity;
      for (const { index, action, delayMs } of choices) {
        if (!callsService(action.kind)) {
          if (action.kind !== "escalate" && action.cost > spendable) mask[index] = 0;
          continue;
        }
        const waitMs = action.kind === "retry" ? Math.max(delayMs, retryAfterMs) : 0;
        if (waitMs < openForMs || retries < 1 - 1e-9) mask[index] = 0;
      }
    },
    spend({ action }, now) {
      if (callsService(action.kind)) retryBudget?.take(now);
      else if (action.kind !== "escalate") fallbackBudget?.take(now, action.cost);
    },
    breakerState: (now) => breaker?.state(now) ?? "closed",
    stats: (now) => ({
      errorRate10s: rates.rate10s(now),
      errorRate: rates.rate1m(now),
      errorRate10m: rates.rate10m(now),
    }),
    health(now) {
      const shares: Record<string, number> = {};
      for (const [key, known] of actions) shares[key] = known.rate1m(now);
      return shares;
    },
    retriesLeft: (now) => retryBudget?.left(now) ?? UNLIMITED_RETRIES,
  };
}

/** Whether an action calls the service that failed, rather than another place. */
export function callsService(kind: Choice["action"]["kind"]): boolean {
  return kind === "retry" || kind === "rerun" || kind === "undoAndReplay";
}
