/** What a run asks of the place it runs in. */
export interface Platform {
  /** For the record: "node v20.20.2 linux x64". */
  readonly engine: string;
  /** Milliseconds since 1970, never going back. */
  now(): number;
  /** Lets signals, timers and pages have their turn. */
  breathe(): Promise<void>;
}

/** What nearly every JavaScript engine offers, none of it required. */
interface Host {
  readonly performance?: { readonly timeOrigin: number; now(): number };
  readonly navigator?: { readonly userAgent?: string };
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly setTimeout?: (callback: () => void, milliseconds: number) => unknown;
}

/** A platform made of what the engine has: without a clock, times are 0 and nothing is done by the clock. */
export function hostPlatform(host: Host = globalThis as Host): Platform {
  const { performance, navigator } = host;
  const defer = host.setImmediate ?? (host.setTimeout && ((callback: () => void) => host.setTimeout?.(callback, 0)));
  return {
    engine: navigator?.userAgent ?? "unknown engine",
    now: () => (performance ? performance.timeOrigin + performance.now() : 0),
    breathe: () => new Promise((resolve) => (defer ? defer(resolve) : resolve())),
  };
}

/** Breathes when the last breath was `milliseconds` ago, and costs nothing before. */
export function createBreather(platform: Platform, milliseconds = 50): () => Promise<void> {
  let last = platform.now();
  return async () => {
    if (platform.now() - last < milliseconds) return;
    await platform.breathe();
    last = platform.now();
  };
}
