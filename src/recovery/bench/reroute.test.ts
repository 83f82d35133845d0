import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixtureFolder } from "../../../test/fixture.ts";
import { log } from "../../math/transcendental.ts";
import { lanlFit, lognormalDowntime } from "../simulation/downtime.ts";
import { bestReroute, rerouteCost } from "../simulation/reroute.ts";
import { lanlHalves, learnThreshold } from "./reroute.ts";

test("what PPO learns of waiting costs less than 2 % more than the optimum", async () => {
  const downtime = lognormalDowntime(lanlFit);
  for (const migrationMinutes of [120, 240]) {
    const threshold = await learnThreshold(downtime, migrationMinutes, 1);
    const gap = rerouteCost(downtime, migrationMinutes, threshold) / bestReroute(downtime, migrationMinutes).cost - 1;
    expect(gap).toBeLessThan(0.02);
  }
});

test("what is learned on the earlier half of the records beats always and never migrating on the later half", async () => {
  const [earlier, later] = lanlHalves();
  const cost = rerouteCost(later.downtime, 120, await learnThreshold(earlier.downtime, 120, 1));
  expect(cost).toBeLessThan(0.9 * 120);
  expect(cost).toBeLessThan(0.5 * later.downtime.meanUpTo(Infinity));
  expect(cost / bestReroute(later.downtime, 120).cost - 1).toBeLessThan(0.02);
});

const path = join(fixtureFolder, "lanl", "failures.csv");

interface NodeFailure {
  readonly node: string;
  readonly started: number;
  readonly minutes: number;
}

function readFailures(): NodeFailure[] {
  const [, ...lines] = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [system, node, started, minutes] = line.split(",");
    return { node: `${system}/${node}`, started: Date.parse(`${started}Z`), minutes: Number(minutes) };
  });
}

test.skipIf(!existsSync(path))("the records of Los Alamos are what the lognormal was fitted to", () => {
  const failures = readFailures();
  const lasting = failures.map(({ minutes }) => minutes).filter((minutes) => minutes > 0);
  lasting.sort((a, b) => a - b);
  const logs = lasting.map(log);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mu = mean(logs);
  expect(failures.length).toBe(23_739);
  expect(lasting[lasting.length >> 1]).toBe(60);
  expect(Math.round(mean(lasting))).toBe(355);
  expect(mu).toBeCloseTo(lanlFit.mu, 3);
  expect(Math.sqrt(mean(logs.map((value) => (value - mu) * (value - mu))))).toBeCloseTo(lanlFit.sigma, 3);
});

test.skipIf(!existsSync(path))("16.9 % of nodes that were repaired fail again within a day", () => {
  const failures = readFailures().sort((a, b) => a.started - b.started || (a.node < b.node ? -1 : 1));
  const last = new Map<string, NodeFailure>();
  let [repaired, again] = [0, 0];
  for (const failure of failures) {
    const before = last.get(failure.node);
    last.set(failure.node, failure);
    if (!before) continue;
    const hours = (failure.started - before.started) / 3_600_000 - before.minutes / 60;
    repaired += 1;
    if (hours >= 0 && hours < 24) again += 1;
  }
  expect(again / repaired).toBeCloseTo(0.169, 3);
});

test.skipIf(!existsSync(path))("the halves that the benchmark takes hold all records with a downtime", () => {
  const failures = readFailures().filter(({ minutes }) => minutes > 0);
  const middle = Date.parse("2002-11-29T16:55Z");
  const parts = [failures.filter((one) => one.started < middle), failures.filter((one) => one.started >= middle)];
  for (const [i, { downtime }] of lanlHalves().entries()) {
    for (const limit of [5, 60, 355, 1440, 20_000]) {
      const longer = parts[i].filter(({ minutes }) => minutes > limit).length / parts[i].length;
      expect(downtime.survival(limit)).toBeCloseTo(longer, 12);
    }
    expect(downtime.meanUpTo(Infinity)).toBeCloseTo(
      parts[i].reduce((sum, one) => sum + one.minutes, 0) / parts[i].length,
      6,
    );
  }
});
