import { slidingSum } from "./sliding-sum.ts";

/** Which share of the calls failed lately, of one service or one action; 0 where there were none. */
export interface ErrorRates {
  onResult(now: number, ok: boolean): void;
  rate10s(now: number): number;
  rate1m(now: number): number;
  rate10m(now: number): number;
}

export function errorRates(): ErrorRates {
  const tenSeconds = failedShare(10_000, 10);
  const minute = failedShare(60_000, 12);
  const tenMinutes = failedShare(600_000, 20);
  return {
    onResult(now, ok) {
      tenSeconds.onResult(now, ok);
      minute.onResult(now, ok);
      tenMinutes.onResult(now, ok);
    },
    rate10s: tenSeconds.rate,
    rate1m: minute.rate,
    rate10m: tenMinutes.rate,
  };
}

function failedShare(windowMs: number, parts: number) {
  const calls = slidingSum(windowMs, parts);
  const failures = slidingSum(windowMs, parts);
  return {
    onResult(now: number, ok: boolean): void {
      calls.add(now, 1);
      if (!ok) failures.add(now, 1);
    },
    rate: (now: number): number => failures.total(now) / Math.max(1, calls.total(now)),
  };
}
