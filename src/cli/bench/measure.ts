import { performance } from "node:perf_hooks";

/** How often something can be done in a second. */
export interface Rate {
  readonly median: number;
  readonly best: number;
}

const ROUNDS = 9;

/** Calls `work` for about `seconds`, after a warm-up of a quarter of that. */
export function callsPerSecond(work: () => void, seconds: number): Rate {
  let calls = 0;
  const warmUp = elapsed(() => {
    const end = performance.now() + seconds * 250;
    for (; performance.now() < end; calls++) work();
  });
  const perRound = Math.max(1, Math.round(((calls / warmUp) * seconds) / ROUNDS));
  const rates = Array.from({ length: ROUNDS }, () => {
    const taken = elapsed(() => {
      for (let i = 0; i < perRound; i++) work();
    });
    return perRound / taken;
  }).sort((a, b) => a - b);
  return { median: rates[ROUNDS >> 1], best: rates[ROUNDS - 1] };
}

/** Seconds that `work` takes. */
function elapsed(work: () => void): number {
  const begin = performance.now();
  work();
  return (performance.now() - begin) / 1000;
}
