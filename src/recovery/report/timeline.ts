import type { Decider, DecisionRecord } from "../record/decision-record.ts";

/** A stretch of time: who decided in it. */
export interface Period {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly deciders: Readonly<Record<Decider, number>>;
}

const MOST = 60;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths that people know. */
const lengths = [1, 5, 15, 30]
  .map((n) => n * SECOND)
  .concat([1, 5, 15, 30].map((n) => n * MINUTE))
  .concat([1, 3, 6, 12].map((n) => n * HOUR))
  .concat([1, 2, 7, 14, 28, 91].map((n) => n * DAY));

/** Decisions in at most sixty stretches of one length, each beginning at a round time. */
export function timeline(records: readonly DecisionRecord[], from: number, to: number): Period[] {
  const length = lengths.find((fits) => (to - from) / fits < MOST - 1) ?? (to - from) / (MOST - 1);
  const first = Math.floor(from / length);
  const periods = Array.from({ length: Math.floor(to / length) - first + 1 }, (_, i) => ({
    from: (first + i) * length,
    to: (first + i + 1) * length,
    deciders: { policy: 0, exploration: 0, baseline: 0, fallback: 0 },
  }));
  for (const { time, decider } of records) periods[Math.floor(time / length) - first].deciders[decider]++;
  return periods;
}
