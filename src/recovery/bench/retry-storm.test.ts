import { expect, test } from "vitest";
import { benchRetryStorm } from "./retry-storm.ts";

const { cells } = benchRetryStorm({ seed: 1, quick: true });

test("three retries with full jitter keep the server down for good, at either load", () => {
  for (const { rows } of cells) {
    const retries = rows.find((row) => row.strategy === "3 retries");
    expect(retries?.goodput.mean).toBe(0);
    expect(retries?.recoverySeconds).toEqual([null, null]);
  }
});

test("a bucket alone recovers no sooner than no retries at all", () => {
  for (const { rows } of cells) {
    const [bucket, none] = ["3 retries, token bucket", "no retry"].map((name) =>
      rows.find(({ strategy }) => strategy === name),
    );
    expect(Math.abs((bucket?.goodput.mean ?? 1) - (none?.goodput.mean ?? 0))).toBeLessThan(0.03);
  }
});

test("of static strategies the breaker is best, and it loses about 5 seconds", () => {
  for (const { rows, best } of cells) {
    expect(best).toEqual({ goodput: "3 retries, breaker", recovery: "3 retries, breaker" });
    const breaker = rows.find((row) => row.strategy === "3 retries, breaker");
    expect(Math.abs((breaker?.goodput.mean ?? 0) - 0.985)).toBeLessThan(0.005);
    for (const seconds of breaker?.recoverySeconds ?? []) expect(Math.abs((seconds ?? 99) - 5)).toBeLessThanOrEqual(2);
  }
});

test("the planner is at least as good as the best static strategy, in goodput and in recovery", () => {
  expect(cells.map((cell) => cell.load)).toEqual([0.7, 0.9]);
  for (const { goodputGain, recoveryGainSeconds } of cells) {
    expect(goodputGain.mean).toBeGreaterThan(0.003);
    expect(recoveryGainSeconds.mean).toBeGreaterThanOrEqual(0);
  }
});
