import type { Clock } from "../clock.ts";
import { BreakerOpenError } from "./breaker-open-error.ts";
import type { RecoveryEpisode } from "./episode.ts";
import { passOn } from "./passed-on.ts";
import { type Call, perform, type Surroundings } from "./perform.ts";
import type { Service } from "./service.ts";
import { findSignal } from "./signal.ts";

/** What a wrapped step needs of its planner. */
export interface WrapHost {
  readonly clock: Clock;
  /** Opens an episode for a call that began at `begin` and failed. */
  open(args: readonly unknown[], begin: number): RecoveryEpisode;
}

/**
 * The step, recovered. While it succeeds, what is added is two looks at the clock and a few counters; nothing is allocated
 * but what any asynchronous function is made of.
 */
export function recovered(step: Call, service: Service, host: WrapHost): Call {
  const { clock } = host;
  const now = () => Math.floor(clock.now()); // whole milliseconds are passed on without a box
  const rescue = (error: unknown, args: readonly unknown[], begin: number, self: unknown) => {
    const signal = findSignal(args)?.signal;
    if (signal?.aborted) {
      const end = now();
      const wasSlow = end > begin && isTimeout(signal.reason) && !(error instanceof BreakerOpenError);
      if (wasSlow) service.failed(end, "TIMEOUT", begin);
      throw passOn(error);
    }
    return recover(error, host.open(args, begin), { step, self, service, clock });
  };
  return async function wrapped(this: unknown, ...args: readonly unknown[]): Promise<unknown> {
    const begin = now();
    if (!service.admits(begin)) return rescue(new BreakerOpenError(service.name), args, begin, this);
    try {
      const value = await step.apply(this, args as unknown[]);
      service.succeeded(now(), begin);
      return value;
    } catch (error) {
      return rescue(error, args, begin, this);
    }
  };
}

/** Decides and acts until the step is saved, given up, or no longer wanted. Callers get the step's own last error. */
async function recover(first: unknown, episode: RecoveryEpisode, around: Surroundings): Promise<unknown> {
  let last = first;
  let wasCalled = true;
  async function step(this: unknown, ...args: readonly unknown[]): Promise<unknown> {
    wasCalled = true;
    try {
      return await around.step.apply(this, args as unknown[]);
    } catch (error) {
      last = error;
      throw error;
    }
  }
  const surroundings = { ...around, step };
  let decision = episode.failed(first);
  while (decision.choice.action.kind !== "escalate") {
    let value: unknown;
    wasCalled = false;
    try {
      value = await perform(decision, episode, surroundings);
    } catch (error) {
      if (findSignal(episode.args)?.signal.aborted) {
        episode.aborted();
        throw passOn(error);
      }
      decision = episode.failed(error, undefined, wasCalled);
      continue;
    }
    episode.succeeded();
    return value;
  }
  episode.gaveUp();
  throw passOn(last);
}

/** A caller whose time was up, rather than one who lost interest: that the service was too slow is told to its guards. */
function isTimeout(reason: unknown): boolean {
  return typeof reason === "object" && reason !== null && "name" in reason && reason.name === "TimeoutError";
}
