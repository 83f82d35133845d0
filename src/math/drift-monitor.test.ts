import { expect, test } from "vitest";
import {
  createDriftMonitor,
  type DriftAlarm,
  type DriftFeature,
  type DriftOptions,
  driftReference,
  observeDrift,
} from "./drift-monitor.ts";
import { createRandom, type Random } from "./random.ts";

/** RecoveryBench's failures as first seen: chances of five causes by service, then of five classes by cause. */
const causes = [
  [0.7, 0.1, 0.08, 0.07, 0.05],
  [0.15, 0.6, 0.05, 0.15, 0.05],
  [0.2, 0.05, 0.1, 0.4, 0.25],
  [0.25, 0.1, 0.5, 0.1, 0.05],
];
const classes = [
  [0.45, 0.5, 0.02, 0.02, 0.01],
  [0.25, 0.25, 0.47, 0.02, 0.01],
  [0.5, 0.45, 0.02, 0.01, 0.02],
  [0.1, 0.4, 0.01, 0.45, 0.04],
  [0.1, 0.2, 0.01, 0.09, 0.6],
];
const outage = 2;
const features: readonly DriftFeature[] = [
  { kind: "categorical", categories: 4 },
  { kind: "categorical", categories: 5 },
  { kind: "numeric" },
];

function pick(chances: readonly number[], random: Random): number {
  const sum = chances.reduce((total, chance) => total + chance);
  let rest = random.uniform() * sum;
  for (let i = 0; i < chances.length; i++) {
    rest -= chances[i];
    if (rest < 0) return i;
  }
  return chances.length - 1;
}

/** Service, class, and log milliseconds until the failure. */
function failure(random: Random, drift = { outage: 0, seconds: 0 }): number[] {
  const service = random.integer(4);
  const prior = causes[service].map((chance, cause) => chance + (cause === outage ? drift.outage : 0));
  return [service, pick(classes[pick(prior, random)], random), random.normal() + drift.seconds];
}

const reward = (random: Random) => (random.uniform() < 0.86 ? 0.9 : -0.8);

function monitorOf(options: Partial<DriftOptions> = {}, seed = 1) {
  const random = createRandom(seed);
  const rows = Array.from({ length: 4000 }, () => failure(random)).flat();
  const rewards = Array.from({ length: 4000 }, () => reward(random));
  return createDriftMonitor(driftReference(features, rows, rewards), options);
}

/** The first alarm, and after how many failures. */
function watch(
  monitor: ReturnType<typeof monitorOf>,
  failures: number,
  next: (random: Random) => readonly [number[], number],
  seed = 99,
): { alarm: DriftAlarm | null; after: number } {
  const random = createRandom(seed);
  for (let after = 1; after <= failures; after++) {
    const alarm = observeDrift(monitor, ...next(random));
    if (alarm) return { alarm, after };
  }
  return { alarm: null, after: failures };
}

test.each(["psi", "ks"] as const)(
  "ten windows of the same failures raise no alarm, in 20 systems of 20, by %s",
  (numeric) => {
    for (let seed = 0; seed < 20; seed++) {
      const { alarm } = watch(
        monitorOf({ numeric }, seed),
        5000,
        (random) => [failure(random), reward(random)],
        100 + seed,
      );
      expect(alarm).toBeNull();
    }
  },
);

test("RecoveryBench's drift, .5 more on each prior of an outage, is seen in the classes within three windows", () => {
  const drift = { outage: 0.5, seconds: 0 };
  const { alarm, after } = watch(monitorOf(), 5000, (random) => [failure(random, drift), reward(random)]);
  expect(alarm).toMatchObject({ kind: "features", feature: 1 });
  expect(after).toBeLessThanOrEqual(1500);
  expect(alarm?.statistic).toBeGreaterThan(alarm?.threshold ?? Infinity);
});

test.each(["psi", "ks"] as const)("a numeric feature that moves by half a deviation is seen by %s", (numeric) => {
  const drift = { outage: 0, seconds: 0.5 };
  const { alarm } = watch(monitorOf({ numeric }), 1000, (random) => [failure(random, drift), reward(random)]);
  expect(alarm).toMatchObject({ kind: "features", feature: 2 });
});

test("a category never seen before is an alarm of its own", () => {
  const next = (random: Random): [number[], number] => {
    const [service, error, seconds] = failure(random);
    return [[service, random.uniform() < 0.1 ? 17 : error, seconds], reward(random)];
  };
  expect(watch(monitorOf(), 500, next).alarm).toMatchObject({ kind: "features", feature: 1 });
});

test("a reward that falls by half a deviation is an alarm before the window ends", () => {
  const { alarm, after } = watch(monitorOf(), 5000, (random) => [failure(random), reward(random) - 0.3]);
  expect(alarm?.kind).toBe("reward");
  expect(after).toBeLessThan(500);
});

test("a monitor goes through JSON in the middle of a window unchanged", () => {
  const [monitor, random] = [monitorOf({ window: 50 }), createRandom(3)];
  for (let i = 0; i < 30; i++) observeDrift(monitor, failure(random), 0.5);
  const copy = JSON.parse(JSON.stringify(monitor));
  const drifted = Array.from({ length: 200 }, () => failure(random, { outage: 5, seconds: 3 }));
  const alarms = (kept: typeof monitor) => drifted.map((row) => observeDrift(kept, row, 0.2));
  const found = alarms(monitor);
  expect(alarms(copy)).toEqual(found);
  expect(found.filter((alarm) => alarm !== null).length).toBeGreaterThan(2);
});

test("what is no number is refused, and leaves no trace", () => {
  const monitor = monitorOf();
  const before = JSON.stringify(monitor);
  expect(() => observeDrift(monitor, [0, 1, 0], Number.NaN)).toThrow(
    "observeDrift: the reward must be a finite number, got NaN.",
  );
  expect(() => observeDrift(monitor, [0, Number.NaN, 0], 1)).toThrow(
    "observeFeatures: feature 1 must be a finite number, got NaN.",
  );
  expect(() => observeDrift(monitor, [0, 1], 1)).toThrow("observeFeatures: needs 3 features, got 2.");
  expect(JSON.stringify(monitor)).toBe(before);
});

test("a reference needs records, and rewards that differ", () => {
  expect(() => driftReference(features, [0, 0, 0], [1])).toThrow(
    "driftReference: needs at least 2 records of 3 features and a reward, got 3 numbers and 1 rewards.",
  );
  expect(() => driftReference([], [], [1, 1])).toThrow("driftReference: rewards must differ, got 1 throughout.");
  expect(() => driftReference([], [], [1, Number.NaN])).toThrow("a reward must be a finite number, got NaN.");
});

test("bins of a numeric feature end at its quantiles, fewer where values repeat", () => {
  const {
    features: [even, tied],
  } = driftReference(
    [
      { kind: "numeric", bins: 4 },
      { kind: "numeric", bins: 4 },
    ],
    [1, 7, 2, 7, 3, 7, 4, 7, 5, 7, 6, 7, 7, 7, 8, 9],
    [0, 1, 0, 1, 0, 1, 0, 1],
  );
  expect(even).toEqual({ kind: "numeric", edges: [2, 4, 6], counts: [2, 2, 2, 2] });
  expect(tied).toEqual({ kind: "numeric", edges: [7], counts: [7, 1] });
});
