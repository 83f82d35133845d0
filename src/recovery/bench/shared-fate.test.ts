import { expect, test } from "vitest";
import { benchSharedFate } from "./shared-fate.ts";

test("the planner learns to fail over where the replica is apart, and not to where it shares the fate", async () => {
  const { rows } = await benchSharedFate({ seed: 1, quick: true });
  const row = (name: string, service: string) =>
    rows.find((one) => one.strategy === name && one.service === service) ?? expect.fail(`no row ${name}`);
  expect(row("planner", "own-rack").switchesFirst).toBeGreaterThan(0.8);
  expect(row("planner", "same-rack").switches).toBeLessThan(0.1);
  for (const name of ["fail over first", "wait only"]) {
    const both = (strategy: string) => row(strategy, "own-rack").return.mean + row(strategy, "same-rack").return.mean;
    expect(both("planner")).toBeGreaterThan(both(name) + 0.05);
  }
});
