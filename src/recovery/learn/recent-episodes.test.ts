import { expect, test } from "vitest";
import { benchProblem } from "../bench/problem.ts";
import { expertRules } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import { runbook } from "../runbook/runbook.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import { simulatedLog } from "../simulation/simulated-log.ts";
import { recentEpisodes } from "./recent-episodes.ts";

const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const log = [...simulatedLog(definition, recoveryBench(), { episodes: 25, seed: 3, baseline: runbook(expertRules) })];
const names = (numbers: readonly number[]) => numbers.map((number) => `3-${number}`);

test("the latest episodes are kept, oldest first, and none is kept beyond the number asked for", () => {
  const recent = recentEpisodes(10);
  for (const record of log) recent.add(record);
  expect(recent.since(-1).map(({ id }) => id)).toEqual(names([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]));
  expect(recent.since(-1).every(({ whole }) => whole)).toBe(true);
});

test("what began before a time is left out", () => {
  const recent = recentEpisodes(25);
  for (const record of log) recent.add(record);
  const begin = log.find(({ episode }) => episode === "3-20")?.time ?? 0;
  expect(recent.since(begin).map(({ id }) => id)).toEqual(names([21, 22, 23, 24]));
});

test("an episode that never ends is forgotten, and what is left of it is not taken for a whole one", () => {
  const recent = recentEpisodes(2);
  const open = log.filter(({ terminal, step }) => !terminal && step === 0);
  for (const record of open) recent.add(record);
  const [first] = open;
  recent.add({ ...first, step: 1, terminal: true });
  expect(recent.since(-1).map(({ whole }) => whole)).toEqual([false]);
});
