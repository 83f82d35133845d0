import { expect, test } from "vitest";
import { hostClock } from "./clock.ts";

/** An engine whose timers go off a little early, and at once where they are set for too long. */
function hastyEngine() {
  let now = 0;
  const timers: { due: number; callback: () => void }[] = [];
  return {
    run() {
      for (let next = timers.shift(); next; next = timers.shift()) {
        now = Math.max(now, next.due);
        next.callback();
      }
    },
    host: {
      performance: { timeOrigin: 0, now: () => now },
      setTimeout: (callback: () => void, milliseconds: number) =>
        timers.push({ due: now + (milliseconds > 0x7fff_ffff ? 1 : Math.max(0.1, milliseconds - 0.6)), callback }),
      clearTimeout: () => undefined,
    },
  };
}

test("no wait ends before its time, however early the engine's timers go off and however long it is", () => {
  for (const milliseconds of [0, 0.3, 15, 1000.5, 2 ** 32]) {
    const { host, run } = hastyEngine();
    const clock = hostClock(host);
    let ended = -1;
    clock.after(milliseconds, () => {
      ended = clock.now();
    });
    run();
    expect(ended).toBeGreaterThanOrEqual(milliseconds);
  }
});
