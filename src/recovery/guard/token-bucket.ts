import { nonNegative, positive, type Rules, resolveConfig } from "../../algorithm/config.ts";
import type { Specification } from "./specification.ts";
import { steadyClock } from "./steady-clock.ts";

/** How many retries a service still bears: they are paid for by its successes. */
export interface RetryBudget {
  onSuccess(now: number): void;
  /** Takes one retry's worth; false where there is too little, and then nothing is taken. */
  take(now: number): boolean;
  left(now: number): number;
}

export const tokenBucketDefaults = {
  /** Share of a retry that each success pays for. */
  perSuccess: 0.1,
  /** Most that can be saved up, and what there is at the start. */
  max: 10,
  /** Retries that time alone pays for, where a service is seldom called. */
  perSecond: 0,
};

export type TokenBucketOptions = typeof tokenBucketDefaults;

const rules: Rules<TokenBucketOptions> = { perSuccess: nonNegative, max: positive, perSecond: nonNegative };

/** Rounding must not refuse the retry that ten tenths have paid for. */
const tolerance = 1e-9;

/** A retry budget, as in Finagle: `tokenBucket({ perSuccess: 0.1, max: 10 })` adds at most a tenth to a service's load. */
export function tokenBucket(options: Partial<TokenBucketOptions> = {}): Specification<RetryBudget> {
  const { perSuccess, max, perSecond } = resolveConfig("tokenBucket", tokenBucketDefaults, options, rules);
  return { create: () => createTokenBucket(perSuccess, max, perSecond / 1000) };
}

function createTokenBucket(perSuccess: number, max: number, perMs: number): RetryBudget {
  const clock = steadyClock();
  /** Tokens, and when they were last counted. */
  const state = new Float64Array([max, 0]);
  function refill(now: number, tokens: number): number {
    const time = clock(now);
    state[0] = Math.min(max, state[0] + tokens + perMs * (time - state[1]));
    state[1] = time;
    return state[0];
  }
  return {
    onSuccess(now) {
      refill(now, perSuccess);
    },
    take(now) {
      if (refill(now, 0) < 1 - tolerance) return false;
      state[0] = Math.max(0, state[0] - 1);
      return true;
    },
    left: (now) => refill(now, 0),
  };
}
