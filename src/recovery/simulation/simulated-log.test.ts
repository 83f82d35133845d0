import { expect, test } from "vitest";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook, expertRules } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import { groupEpisodes } from "../record/episodes.ts";
import { parseRecord } from "../record/parse-record.ts";
import { runbook } from "../runbook/runbook.ts";
import { evaluateRecovery } from "./evaluate-recovery.ts";
import { recoveryBench } from "./recovery-bench.ts";
import { recoveryBenchServices } from "./recovery-bench-services.ts";
import { type SimulatedLogOptions, simulatedLog } from "./simulated-log.ts";

const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const simulator = recoveryBench();
const record = (options: Partial<SimulatedLogOptions> = {}) => [
  ...simulatedLog(definition, simulator, { episodes: 500, seed: 3, baseline: runbook(expertRules), ...options }),
];

test("every line is one that the planner's reader takes, and every episode is whole", () => {
  const log = record({ exploration: { epsilon: 0.3, among: "legal" } });
  for (const line of log.map((each) => JSON.stringify(each))) expect(JSON.stringify(parseRecord(line))).toBe(line);
  const all = groupEpisodes(log);
  expect(all).toHaveLength(500);
  expect(all.every(({ whole }) => whole)).toBe(true);
});

test("without exploration the log is the runbook's, return by return", () => {
  const judged = evaluateRecovery(simulator, definition, byRunbook(definition.choices), { episodes: 4000, seed: 9 });
  const returns = groupEpisodes(record({ episodes: 4000 })).map((episode) => episode.return);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  // Two independent means of 4000 returns with a deviation under 1 each: four standard errors are 4 √(2/4000) = .09.
  expect(Math.abs(mean - judged.return.mean)).toBeLessThan(0.09);
  expect(record().every(({ action, baseline, propensity }) => action === baseline && propensity === 1)).toBe(true);
});

test("exploration takes what it says it takes: each choice is taken about as often as the propensities promise", () => {
  const log = record({ episodes: 3000, exploration: { epsilon: 0.3, among: "legal" } });
  definition.choices.forEach(({ name }, i) => {
    const promised = log.reduce((sum, { probabilities }) => sum + probabilities[i], 0);
    const variance = log.reduce((sum, { probabilities: { [i]: p } }) => sum + p * (1 - p), 0);
    const taken = log.filter(({ action }) => action === name).length;
    expect(Math.abs(taken - promised)).toBeLessThanOrEqual(4 * Math.sqrt(variance));
  });
});

test("a policy decides in its share of the episodes, from start to end", () => {
  const policy = {
    hash: "a".repeat(64),
    probabilities(_: Float32Array, mask: Uint8Array, out: Float32Array) {
      out.fill(0);
      out[mask.length - 1] = 1;
    },
  };
  const all = groupEpisodes(record({ policy, share: 0.25, episodes: 2000 }));
  const own = all.filter(({ records }) => records[0].arm === "policy");
  expect(own.every(({ records }) => records.length === 1 && records[0].action === "giveUp")).toBe(true);
  expect(Math.abs(own.length / all.length - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 2000));
  expect(all[0].records[0]).toMatchObject({ mode: "canary", policyHash: policy.hash });
});

test("the same seed writes the same log", () => {
  expect(record({ episodes: 50 })).toEqual(record({ episodes: 50 }));
  expect(record({ episodes: 50, seed: 4 })).not.toEqual(record({ episodes: 50 }));
});
