import type { Random } from "../../math/random.ts";
import type { Breaker } from "../guard/breaker.ts";
import type { Specification } from "../guard/specification.ts";
import type { Throttle } from "../guard/throttle.ts";
import type { RetryBudget } from "../guard/token-bucket.ts";
import type { StormClient, StormFailure } from "./retry-storm.ts";

/** What callers do in a storm: when to try again, and the guards that have the last word. */
export interface StormStrategy {
  readonly name: string;
  /** Milliseconds until the next try after a request's nth failure, or null to give it up. */
  retryAfter(failure: StormFailure, n: number, random: Random): number | null;
  readonly budget?: Specification<RetryBudget>;
  readonly breaker?: Specification<Breaker>;
  readonly throttle?: Specification<Throttle>;
}

/** Callers that follow a strategy, with guards of their own. A retry is paid for when it is made, not when it is planned. */
export function stormClient(strategy: StormStrategy, random: Random): StormClient {
  const budget = strategy.budget?.create();
  const breaker = strategy.breaker?.create();
  const throttle = strategy.throttle?.create();
  return {
    allows(now, failures) {
      const isRetry = failures > 0;
      if (isRetry && budget && budget.left(now) < 1) return false;
      if (throttle && random.uniform() < throttle.rejection(now)) {
        throttle.onRequest(now, false);
        return false;
      }
      if (breaker && !breaker.allows(now)) return false;
      return !(isRetry && budget) || budget.take(now);
    },
    onResult(now, ok) {
      breaker?.onResult(now, ok);
      throttle?.onRequest(now, ok);
      if (ok) budget?.onSuccess(now);
    },
    retryAfter: (_now, failure, n) => strategy.retryAfter(failure, n, random),
  };
}
