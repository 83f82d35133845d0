import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { empiricalDowntime, lanlFit, lognormalDowntime, normalBelow } from "./downtime.ts";
import { bestReroute, decisionMinutes, rerouteCost, rerouteEnv, thresholdOf } from "./reroute.ts";

const downtime = lognormalDowntime(lanlFit);

test("the normal distribution function has the values of the tables", () => {
  const tabled = [0, 0.5, 1, 1.959963985, 3, 6].map(normalBelow);
  const expected = [0.5, 0.6914624613, 0.8413447461, 0.975, 0.998650102, 0.999999999];
  for (const [i, value] of expected.entries()) expect(tabled[i]).toBeCloseTo(value, 9);
  for (const z of [0.3, 1.7, 5]) expect(normalBelow(-z)).toBeCloseTo(1 - normalBelow(z), 12);
});

test("waiting until t costs the area under the survival function", () => {
  const [until, steps] = [500, 50_000];
  let area = 0;
  for (let i = 0; i < steps; i++) area += (downtime.survival(((i + 0.5) * until) / steps) * until) / steps;
  expect(downtime.meanUpTo(until)).toBeCloseTo(area, 3);
});

test("the exact optimum: 75 minutes for a migration of 120, 262 for one of 240, and 170 on average without any", () => {
  const [short, long] = [120, 240].map((minutes) => bestReroute(downtime, minutes));
  expect(short.threshold).toBe(75);
  expect(short.cost).toBeCloseTo(105.35, 2);
  expect(long.threshold).toBe(262);
  expect(long.cost).toBeCloseTo(137.64, 2);
  expect(rerouteCost(downtime, 120, Infinity)).toBeCloseTo(170.17, 2);
  expect(rerouteCost(downtime, 120, 0)).toBe(120);
});

test("downtimes from a log: 1, 4, 4 and 7 minutes", () => {
  const log = empiricalDowntime([1, 4, 7], [1, 2, 1]);
  expect([0, 1, 3.9, 4, 7].map(log.survival)).toEqual([1, 0.75, 0.75, 0.25, 0]);
  expect(log.meanUpTo(5)).toBe((1 + 4 + 4 + 5) / 4);
  expect(log.meanUpTo(Infinity)).toBe(4);
  const random = createRandom(1);
  const drawn = Array.from({ length: 4000 }, () => log.sample(random));
  expect(drawn.filter((minutes) => minutes === 4).length / 4000).toBeCloseTo(0.5, 1);
});

test("in the environment, who waits until a threshold loses what the formula says", () => {
  const env = rerouteEnv(downtime, 120);
  for (const threshold of [0, decisionMinutes[8], decisionMinutes[15]]) {
    const losses: number[] = [];
    env.reset({ seed: 5 });
    for (let episode = 0; episode < 20_000; episode++) {
      let { observation: place } = env.reset();
      for (let lost = 0; ; ) {
        const step = env.step(decisionMinutes[place] >= threshold ? 1 : 0);
        lost -= 100 * step.reward;
        place = step.observation;
        if (!step.terminated) continue;
        losses.push(lost);
        break;
      }
    }
    const mean = losses.reduce((sum, lost) => sum + lost, 0) / losses.length;
    const expected = rerouteCost(downtime, 120, threshold);
    expect(Math.abs(mean / expected - 1), `${threshold}: ${mean} against ${expected}`).toBeLessThan(0.02);
  }
});

test("a policy's threshold is where it would first migrate, or the last decision", () => {
  expect(thresholdOf((place) => place >= 3)).toBe(decisionMinutes[3]);
  expect(thresholdOf(() => false)).toBe(decisionMinutes[decisionMinutes.length - 1]);
});
