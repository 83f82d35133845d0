import { positive, resolveConfig } from "../../algorithm/config.ts";
import { slidingSum } from "./sliding-sum.ts";
import type { Specification } from "./specification.ts";

/** Refuses calls at random, the more of them, the fewer are accepted. */
export interface Throttle {
  /** The chance of a refusal now. */
  rejection(now: number): number;
  /** Of every call that was wanted, refused here or not; `accepted` where the service answered it. */
  onRequest(now: number, accepted: boolean): void;
}

export const throttleDefaults = {
  /** K: calls that are let through for each one that is accepted. */
  multiplier: 2,
  /** How far back calls are counted, in milliseconds. */
  windowMs: 120_000,
};

export type ThrottleOptions = typeof throttleDefaults;

/**
 * Adaptive throttling by the client. Beyer et al. 2016, Site Reliability Engineering, chapter 21.
 *
 *   max(0, (requests − K · accepts) / (requests + 1))
 */
export function throttle(options: Partial<ThrottleOptions> = {}): Specification<Throttle> {
  const rules = { multiplier: positive, windowMs: positive };
  const { multiplier, windowMs } = resolveConfig("throttle", throttleDefaults, options, rules);
  return {
    create() {
      const requests = slidingSum(windowMs, 24);
      const accepts = slidingSum(windowMs, 24);
      return {
        rejection(now) {
          const wanted = requests.total(now);
          return Math.max(0, (wanted - multiplier * accepts.total(now)) / (wanted + 1));
        },
        onRequest(now, accepted) {
          requests.add(now, 1);
          if (accepted) accepts.add(now, 1);
        },
      };
    },
  };
}
