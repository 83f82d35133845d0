import { positive, positiveInteger, positiveShare, type Rules, resolveConfig } from "../../algorithm/config.ts";
import type { BreakerState } from "../failure.ts";
import { slidingSum } from "./sliding-sum.ts";
import type { Specification } from "./specification.ts";
import { steadyClock } from "./steady-clock.ts";

/** Keeps calls from a service that fails: closed lets all through, open none, half-open one, whose result decides. */
export interface Breaker {
  state(now: number): BreakerState;
  /** How long no call will be let through, in milliseconds; 0 where one may be. */
  openForMs(now: number): number;
  /** Whether a call may be made now. In half-open, a yes is the one probe. */
  allows(now: number): boolean;
  /** Of every call that was allowed, and when it began: one from before it opened says nothing of now. */
  onResult(now: number, ok: boolean, begun?: number): void;
}

export const samplingDefaults = {
  /** More than this share of the window's calls must fail. */
  ratio: 0.5,
  /** How far back calls are counted, in milliseconds. */
  windowMs: 10_000,
  /** Fewer calls than this in the window open nothing. */
  minimumCalls: 20,
  /**
   * How long it stays open, and how long a probe without a result keeps out the next one, in milliseconds. A probe costs one call, so that
   * to ask soon costs little, and to ask late costs every call until then.
   */
  openMs: 2000,
};

export type SamplingOptions = typeof samplingDefaults;

const rules: Rules<SamplingOptions> = {
  ratio: positiveShare,
  windowMs: positive,
  minimumCalls: positiveInteger,
  openMs: positive,
};

const [closed, open, halfOpen] = [0, 1, 2];
const names: readonly BreakerState[] = ["closed", "open", "half-open"];

/** A breaker by the share of failures in a sliding window: `sampling({ ratio: 0.5, windowMs: 10_000, openMs: 30_000 })`. */
export function sampling(options: Partial<SamplingOptions> = {}): Specification<Breaker> {
  const config = resolveConfig("sampling", samplingDefaults, options, rules);
  return { create: () => createBreaker(config) };
}

function createBreaker({ ratio, windowMs, minimumCalls, openMs }: SamplingOptions): Breaker {
  const clock = steadyClock();
  const calls = slidingSum(windowMs);
  const failures = slidingSum(windowMs);
  let phase = closed;
  /** When it opened, and when the probe that is out was let through, or −Infinity. */
  const since = new Float64Array([0, -Infinity]);

  function settle(now: number): number {
    const time = clock(now);
    if (phase === open && time - since[0] >= openMs) {
      phase = halfOpen;
      since[1] = -Infinity;
    }
    return time;
  }

  function count(now: number, ok: boolean, time: number): void {
    calls.add(now, 1);
    failures.add(now, ok ? 0 : 1);
    const total = calls.total(now);
    if (ok || total < minimumCalls || failures.total(now) <= ratio * total) return;
    phase = open;
    since[0] = time;
  }

  function judgeProbe(ok: boolean, time: number, begun: number): void {
    if (begun < since[1] - 1 || since[1] === -Infinity) return; // the result of a call from before it opened
    if (ok) {
      calls.clear();
      failures.clear();
    }
    phase = ok ? closed : open;
    since[0] = time;
  }

  return {
    state(now) {
      settle(now);
      return names[phase];
    },
    openForMs(now) {
      const time = settle(now);
      return phase === open ? since[0] + openMs - time : 0;
    },
    allows(now) {
      const time = settle(now);
      if (phase !== halfOpen) return phase === closed;
      if (time - since[1] < openMs) return false;
      since[1] = time;
      return true;
    },
    onResult(now, ok, begun = now) {
      const time = settle(now);
      if (phase === closed) count(now, ok, time);
      else if (phase === halfOpen) judgeProbe(ok, time, time - (now - begun));
    },
  };
}
