/** Time, as the planner asks for it. Tests and simulations bring their own. */
export interface Clock {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Calls back once, after so many milliseconds. Returns what prevents it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** What nearly every JavaScript engine offers. */
interface Host {
  readonly performance: { readonly timeOrigin: number; now(): number };
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

/** The engine's own. */
export function hostClock(host: Host = globalThis as unknown as Host): Clock {
  const { performance } = host;
  return {
    now: () => performance.now(),
    wall: () => Math.round(performance.timeOrigin + performance.now()),
    after(milliseconds, callback) {
      const timer = host.setTimeout(callback, milliseconds);
      return () => host.clearTimeout(timer);
    },
  };
}
