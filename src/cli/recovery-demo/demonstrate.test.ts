import { expect, test } from "vitest";
import { byRunbook } from "../../recovery/bench/static-policies.ts";
import { define } from "../../recovery/definition.ts";
import { evaluateRecovery } from "../../recovery/simulation/evaluate-recovery.ts";
import { runbookContestant } from "./contestants.ts";
import { nowhere, perform } from "./demonstrate.ts";
import type { StepResult } from "./pipeline.ts";
import { demoProblem, expertRunbook } from "./problem.ts";
import { type Fault, schedule } from "./schedule.ts";
import { demoSimulator } from "./simulation.ts";

const faults: readonly Fault[] = [
  { kind: "reset", from: 0.1, to: 0.4, places: ["orders", "warehouse"] },
  { kind: "refusal", from: 0.5, to: 0.8, places: ["warehouse"] },
  { kind: "garbage", from: 0.9, to: 1.1, places: ["orders"] },
  { kind: "latency", from: 1.2, to: 1.5, places: ["orders", "warehouse"] },
];

test("the planner gets a pipeline through faults on real sockets, losing and doubling nothing", async () => {
  const heard: StepResult[] = [];
  const { score, results } = await perform(
    runbookContestant(1),
    faults,
    { seconds: 1.7, perSecond: 20 },
    (result) => void heard.push(result),
  );
  expect(heard).toEqual(results);
  expect(score.pages).toBe(34);
  expect(score.troubled).toBeGreaterThan(8);
  expect(score.saved).toBeGreaterThan(0.6 * score.troubled);
  expect([score.doubleEffects, score.lost]).toEqual([0, 0]);
  expect(score.callsIntoFaults).toBeGreaterThan(0);
});

test("the faults of a seed are the same each time, one after the other, every kind among them", () => {
  const twenty = schedule(20, 7);
  expect(schedule(20, 7)).toEqual(twenty);
  expect(schedule(20, 8)).not.toEqual(twenty);
  expect(new Set(twenty.slice(0, 6).map(({ kind }) => kind)).size).toBe(6);
  for (const [i, { from, to }] of twenty.entries()) {
    expect(to).toBeGreaterThan(from);
    expect(from).toBeGreaterThan(i === 0 ? 0 : twenty[i - 1].to);
    expect(to).toBeLessThanOrEqual(20);
  }
});

test("in the simulator of the demonstration, a runbook saves most of what fails", () => {
  const definition = define(demoProblem(nowhere));
  const decide = byRunbook(definition.choices, expertRunbook());
  const { success } = evaluateRecovery(demoSimulator(), definition, decide, { episodes: 2000, seed: 1 });
  expect(success).toBeGreaterThan(0.9);
});
