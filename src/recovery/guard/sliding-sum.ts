import { steadyClock } from "./steady-clock.ts";

/** What was added in the last while. It forgets by parts: between one part and none too early. */
export interface SlidingSum {
  add(now: number, amount: number): void;
  total(now: number): number;
  clear(): void;
}

/** Sums over `windowMs`, kept in a ring of `parts` counters: no allocation, whatever the rate. */
export function slidingSum(windowMs: number, parts = 10): SlidingSum {
  const partMs = windowMs / parts;
  const clock = steadyClock();
  const ring = new Float64Array(parts);
  /** The number of the present part since the start, and the sum of the ring. */
  const state = new Float64Array(2);

  function advance(now: number): number {
    const present = Math.floor(clock(now) / partMs);
    if (present === state[0]) return present % parts;
    const gone = Math.min(present - state[0], parts);
    for (let part = 0; part < gone; part++) ring[(present - part) % parts] = 0;
    state[0] = present;
    // Summed anew, so that no rounding error outlives a part.
    state[1] = 0;
    for (let part = 0; part < parts; part++) state[1] += ring[part];
    return present % parts;
  }

  return {
    add(now, amount) {
      ring[advance(now)] += amount;
      state[1] += amount;
    },
    total(now) {
      advance(now);
      return state[1];
    },
    clear() {
      ring.fill(0);
      state[1] = 0;
    },
  };
}
