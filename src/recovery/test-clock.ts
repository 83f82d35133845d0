import type { Clock } from "./clock.ts";

/** A clock that stands still until it is run: for tests of services that use a planner. */
export interface TestClock extends Clock {
  /** Goes from timer to timer until the promise is settled. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Puts the time forward, or back, without calling anyone. */
  jump(milliseconds: number): void;
}

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** Rounds of waiting promises between two timers; more than any chain of ours is long. */
const ROUNDS = 50;

export function testClock(): TestClock {
  let now = 0;
  let timers: Timer[] = [];

  return {
    now: () => now,
    wall: () => now,
    after(milliseconds, callback) {
      const timer = { due: now + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async run(promise) {
      let settled = false;
      const mark = () => {
        settled = true;
      };
      promise.then(mark, mark);
      for (;;) {
        for (let i = 0; i < ROUNDS && !settled; i++) await Promise.resolve();
        if (settled || timers.length === 0) return promise;
        const next = timers.reduce((first, timer) => (timer.due < first.due ? timer : first));
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.due);
        next.callback();
      }
    },
    jump(milliseconds) {
      now += milliseconds;
    },
  };
}
