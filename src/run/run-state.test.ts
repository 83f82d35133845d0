import { expect, test } from "vitest";
import type { Report } from "../algorithm/algorithm.ts";
import type { Episode } from "../env/env.ts";
import { createRunState, createTeller, crossed } from "./run-state.ts";

const report = (steps: number, kl: number, returns: readonly number[] = []) => {
  const episodes = returns.map(
    (value): Episode => ({ return: value, length: 10 * value, index: 0, truncated: value > 2 }),
  );
  return { steps, totalSteps: 5000, metrics: { kl }, episodes } as unknown as Report;
};

test("a thousand tellings are enough for any run", () => {
  const teller = createTeller(createRunState());
  let told = 0;
  for (let steps = 1; steps <= 5000; steps++) {
    teller.add(report(steps, 0));
    if (teller.due() && teller.tell()) told++;
  }
  expect(told).toBe(1000);
  expect(teller.tell()).toBeNull();
});

test("a telling holds the means of what was gathered, and forgets them", () => {
  const state = createRunState();
  const teller = createTeller(state);
  teller.add(report(100, 0.1, [1]));
  teller.add(report(200, 0.3, [2, 6]));
  state.seconds = 4;
  expect(teller.tell()).toEqual({
    steps: 200,
    totalSteps: 5000,
    metrics: { kl: 0.2 },
    episodes: {
      count: 3,
      meanReturn: 3,
      lowReturn: 1.2,
      highReturn: 5.2, // 1 + 0.2 · 1 and 2 + 0.6 · 4
      meanLength: 30,
      minLength: 10,
      maxLength: 60,
      truncated: 1,
    },
    return: 3,
    seconds: 4,
    stepsPerSecond: 50,
    secondsLeft: 96, // (5000 − 200) / 50
  });
  teller.add(report(300, 0.7));
  expect(teller.tell()).toMatchObject({ metrics: { kl: 0.7 }, episodes: null, return: 3 });
});

test("the return told is the mean of the last hundred episodes", () => {
  const teller = createTeller(createRunState());
  teller.add(
    report(
      1,
      0,
      Array.from({ length: 150 }, (_, i) => (i < 50 ? 1000 : 2)),
    ),
  );
  expect(teller.tell()?.return).toBe(2);
});

test("untrained returns are those of the first twenty episodes, however few end at a time", () => {
  const state = createRunState();
  const teller = createTeller(state);
  teller.add(report(100, 0));
  expect(state.untrainedReturns).toEqual([]);
  for (let i = 0; i < 30; i++) teller.add(report(200 + i, 0, [i, i]));
  expect(state.untrainedReturns).toEqual(Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)));
});

test("a multiple is crossed once, wherever the steps fall", () => {
  expect([crossed(0, 99, 100), crossed(99, 100, 100), crossed(100, 199, 100), crossed(150, 420, 100)]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});
