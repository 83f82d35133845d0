import type { Clock } from "../clock.ts";

interface Host {
  readonly crypto?: { getRandomValues(words: Uint32Array<ArrayBuffer>): Uint32Array };
}

/** A seed that no other process has: by the engine's own chance, or else by the time. */
export function entropy(clock: Clock): number {
  const { crypto } = globalThis as Host;
  if (!crypto) return Math.floor(clock.wall() * 1000 + clock.now());
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 11) * 0x1_0000_0000 + low;
}
