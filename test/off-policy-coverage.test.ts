import {
  bernsteinInterval,
  bootstrapInterval,
  createRandom,
  doublyRobust,
  hoeffdingInterval,
  type Interval,
  inversePropensity,
  type LoggedBandit,
  selfNormalized,
  studentInterval,
} from "belay-rl";
import { expect, test } from "vitest";
import { banditTask, settings } from "../benchmark/recovery/bandit-task.ts";

/** Share of `logs` logs, drawn with known truth, whose interval holds it. All of them: benchmark/recovery/coverage.ts. */
function coverage(name: string, logs: number, interval: (log: LoggedBandit, maxWeight: number) => Interval): number {
  const setting = settings.find((each) => each.name === name);
  if (!setting) throw new Error(`no setting is named ${name}`);
  const { draw, truth, maxWeight } = banditTask({ ...setting, size: Math.min(setting.size, 1000) });
  const random = createRandom(11);
  let held = 0;
  for (let i = 0; i < logs; i++) {
    const { lower, upper } = interval(draw(random), maxWeight);
    if (lower <= truth && truth <= upper) held++;
  }
  return held / logs;
}

test.each(["uniform to greedy", "runbook to learned", "frequent success"])(
  "%s: Student's intervals of 95 in 100 hold the truth in at least 930 logs of 1000, of SNIPS and of DR",
  (name) => {
    expect(coverage(name, 1000, (log) => studentInterval(selfNormalized(log)))).toBeGreaterThanOrEqual(0.93);
    const modelled = (log: LoggedBandit) => studentInterval(doublyRobust(log as Parameters<typeof doublyRobust>[0]));
    expect(coverage(name, 1000, modelled)).toBeGreaterThanOrEqual(0.93);
  },
);

test("so do those of the bootstrap", () => {
  const random = createRandom(12);
  const bootstrapped = (log: LoggedBandit) => bootstrapInterval(selfNormalized(log), { random, resamples: 200 });
  expect(coverage("small log", 400, bootstrapped)).toBeGreaterThanOrEqual(0.93);
});

test("the bounds of Bernstein and Hoeffding hold it in every one of 400", () => {
  for (const bound of [bernsteinInterval, hoeffdingInterval]) {
    const bounded = (log: LoggedBandit, maxWeight: number) => bound(inversePropensity(log).terms, [0, maxWeight]);
    expect(coverage("small log", 400, bounded)).toBeGreaterThanOrEqual(0.99);
  }
});
