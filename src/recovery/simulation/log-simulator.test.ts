import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { byPolicy } from "../bench/learned-policy.ts";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook, expertRules } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import { pretrain } from "../learn/pretrain.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { runbook } from "../runbook/runbook.ts";
import { evaluateRecovery } from "./evaluate-recovery.ts";
import { logSimulator } from "./log-simulator.ts";
import { recoveryBench } from "./recovery-bench.ts";
import { recoveryBenchServices } from "./recovery-bench-services.ts";
import { simulatedLog } from "./simulated-log.ts";

const services = recoveryBenchServices.slice(3);
const definition = define(benchProblem(services.map(({ name }) => name)));
const { choices } = definition;
const truth = recoveryBench({ services });
const log: readonly DecisionRecord[] = [
  ...simulatedLog(definition, truth, {
    episodes: 4000,
    seed: 1,
    baseline: runbook(expertRules),
    exploration: { epsilon: 0.3, among: "legal" },
  }),
];
const simulator = logSimulator(definition, log, { randomized: 0 });

test("what is learned in a world made of a log is worth more than the runbook in the true one", async () => {
  const options = { totalSteps: 60_000, hidden: [32], horizon: 16 };
  const { policy } = await pretrain(definition, logSimulator(definition, log), { seed: 1, options });
  const judge = { episodes: 10_000, seed: 3 };
  const learned = evaluateRecovery(truth, definition, byPolicy(definition, policy, 0), judge);
  const expert = evaluateRecovery(truth, definition, byRunbook(choices), judge);
  expect(learned.return.ci95[0]).toBeGreaterThan(expert.return.mean);
});

test("the runbook does there about as well as it did in the log's world", () => {
  const judge = { episodes: 10_000, seed: 3 };
  const there = evaluateRecovery(simulator, definition, byRunbook(choices), judge);
  const here = evaluateRecovery(truth, definition, byRunbook(choices), judge);
  expect(Math.abs(there.return.mean - here.return.mean)).toBeLessThan(0.1);
  expect(Math.abs(there.success - here.success)).toBeLessThan(0.06);
});

test("first failures are the log's own, with the facts that masks are made of", () => {
  const random = createRandom(2);
  const begun = Array.from({ length: 2000 }, () => simulator.start(random));
  const critical = begun.filter(({ tags }) => tags["freshness"] === "critical").length / begun.length;
  expect(Math.abs(critical - 0.4)).toBeLessThan(0.05);
  const first = log.filter(({ step }) => step === 0);
  for (const failureClass of definition.classes) {
    const share = first.filter((record) => record.class === failureClass).length / first.length;
    const drawn = begun.filter(({ symptom }) => symptom.class === failureClass).length / begun.length;
    expect(Math.abs(share - drawn)).toBeLessThan(0.05);
  }
});

test("a choice that is no retry and failed has failed for the episode, as long as nothing else is learned of it", () => {
  const random = createRandom(3);
  // Of one class and with any number of failures before, chances are the same.
  const alike = log.map((record) => ({ ...record, class: "5XX", history: [] }));
  const flat = logSimulator(definition, alike);
  let [failures, saved] = [0, 0];
  for (let i = 0; i < 500; i++) {
    const episode = flat.start(random);
    if (episode.attempt("params").symptom === null) continue;
    failures += 1;
    for (let again = 0; again < 5; again++) if (episode.attempt("retry:1000").symptom === null) saved += 1;
  }
  expect(failures).toBeGreaterThan(100);
  expect(saved).toBeGreaterThan(failures / 2);
  for (let i = 0; i < 500; i++) {
    const episode = flat.start(random);
    const first = episode.attempt("source").symptom;
    if (first !== null) expect(episode.attempt("source").symptom?.class).toBe("5XX");
  }
});

test("what the log never shows saves nothing, and what it takes is what it took", () => {
  const without = log.filter(({ action }) => action !== "rollback");
  const kept = new Set(log.filter(({ action }) => action === "rollback").map(({ episode }) => episode));
  const poorer = logSimulator(
    definition,
    without.filter(({ episode }) => !kept.has(episode)),
  );
  const random = createRandom(4);
  for (let i = 0; i < 200; i++) expect(poorer.start(random).attempt("rollback").symptom).not.toBeNull();
  for (let i = 0; i < 50; i++) expect(simulator.start(random).attempt("backup").seconds).toBeCloseTo(2, 9);
});

test("a log written before facts were is taken too; one of another planner, or without episodes, is refused", () => {
  const old = log.map(({ facts: _, ...record }) => record);
  expect(logSimulator(definition, old).start(createRandom(0)).tags).toEqual({});
  const foreign = log.map((record) => ({ ...record, action: "pray" }));
  const message = "logSimulator: recovery-bench needs a log with at least one whole episode of its own, got none.";
  expect(() => logSimulator(definition, foreign)).toThrow(message);
  expect(() => logSimulator(definition, [])).toThrow(message);
  expect(() => logSimulator(definition, log, { smoothing: 0 })).toThrow(
    "logSimulator: randomized must be at least 0 and smoothing above it, got 0.3 and 0.",
  );
});
