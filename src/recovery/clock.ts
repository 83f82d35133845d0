/** Time, as the planner asks for it. Tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Calls back once, after so many milliseconds, never before. Returns what prevents it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** What nearly every JavaScript engine offers. */
interface Host {
  readonly performance: { readonly timeOrigin: number; now(): number };
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

/** A timer that is set for longer goes off at once. */
const longestTimerMs = 0x7fff_ffff;

/** The engine's own. */
export function hostClock(host: Host = globalThis as unknown as Host): Clock {
  const { performance } = host;
  return {
    now: () => performance.now(),
    wall: () => Math.round(performance.timeOrigin + performance.now()),
    after(milliseconds, callback) {
      const due = performance.now() + Math.ceil(milliseconds);
      let timer = host.setTimeout(look, Math.min(longestTimerMs, milliseconds));
      // An engine's timer may go off a little early, and then its deadline would not have passed.
      function look(): void {
        const left = due - performance.now();
        if (left > 0) timer = host.setTimeout(look, Math.min(longestTimerMs, Math.ceil(left)));
        else callback();
      }
      return () => host.clearTimeout(timer);
    },
  };
}
