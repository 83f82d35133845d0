import { expect, test } from "vitest";
import { parse } from "yaml";
import { benchProblem } from "../../bench/problem.ts";
import { expertRules } from "../../bench/static-policies.ts";
import { define } from "../../definition.ts";
import type { DecisionRecord } from "../../record/decision-record.ts";
import { recoveryBench } from "../../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../../simulation/recovery-bench-services.ts";
import { type Runbook, runbook } from "../runbook.ts";
import { runbookFrom } from "../runbook-file.ts";
import { exportRunbook, exportRunbookFromLog } from "./export-runbook.ts";
import type { Advise } from "./visit.ts";

const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const { choices, features } = definition;
const quick = { episodes: 1000, evaluationEpisodes: 2000, seed: 5 };

/** A policy that is surely of one mind. */
function following(book: Runbook): Advise {
  return (failure, mask) => {
    const probabilities = new Float32Array(choices.length);
    probabilities[book.choose(failure, choices, mask, features(failure))] = 1;
    return probabilities;
  };
}

test("a policy that is a table by class is given back as that table, without loss", () => {
  const { runbook: table, measured } = exportRunbook(
    definition,
    following(runbook(expertRules)),
    recoveryBench(),
    quick,
  );
  expect(measured?.loss.mean).toBe(0);
  expect(new Set(table.rules.map((rule) => rule.do.join()))).toEqual(
    new Set(Object.values(expertRules).map((list) => list.join())),
  );
  expect(table.rules.every(({ when }) => Object.keys(when ?? {}).join() === "class")).toBe(true);
});

test("classes, services, tags and attempts are asked of where the policy's choice depends on them, and nowhere else", () => {
  const book = runbook({
    rules: [
      { when: { tags: { freshness: "critical" } }, do: ["rollback", "source"] },
      { when: { service: "batch-etl" }, do: ["params", "params", "backup"] },
      { when: { class: "429", attempt: { atMost: 1 } }, do: ["retry:8000"] },
      { when: { attempt: { atMost: 1 } }, do: ["retry:50"] },
      { do: ["source", "rollback"] },
    ],
  });
  const { runbook: table, measured } = exportRunbook(definition, following(book), recoveryBench(), {
    ...quick,
    tolerance: 0,
  });
  expect(measured?.loss.mean).toBe(0);
  const asked = new Set(table.rules.flatMap(({ when }) => Object.keys(when ?? {})));
  expect([...asked].sort()).toEqual(["attempt", "class", "service", "tags"]);
});

test("what a table cannot say is measured as a loss, with the same chance for both, and stated at the head of the file", () => {
  /** Retries where it met the same class twice in a row, which no rule can ask of. */
  const advise: Advise = ({ history, class: met }, mask) => {
    const probabilities = new Float32Array(choices.length);
    const wish = history.length === 0 ? "source" : history.at(-1)?.class === met ? "retry:8000" : "giveUp";
    const index = choices.findIndex(({ name }) => name === wish);
    probabilities[mask[index] === 1 ? index : choices.length - 1] = 1;
    return probabilities;
  };
  const { runbook: table, yaml, measured } = exportRunbook(definition, advise, recoveryBench(), quick);
  const { policy, table: written, loss } = measured!;
  expect(loss.ci95[0]).toBeGreaterThan(0);
  expect(loss.mean).toBeCloseTo(policy.mean - written.mean, 10);
  expect(loss.ci95[1] - loss.ci95[0]).toBeLessThan(policy.ci95[1] - policy.ci95[0]);
  expect(yaml).toContain(`the policy loses ${loss.mean.toFixed(3)} ±`);
  expect(runbookFrom(parse(yaml)).hash).toBe(table.hash);
});

test("fewer rules are preferred to a return that differs by no more than the tolerance", () => {
  const rules = (tolerance: number) =>
    exportRunbook(definition, following(runbook(expertRules)), recoveryBench(), { ...quick, tolerance }).runbook.rules;
  expect(rules(0).length).toBeGreaterThan(2);
  expect(rules(10)).toHaveLength(1);
});

test("a log in which the policy was consulted is enough, but then nothing is measured", () => {
  const record = (met: string, action: number) =>
    ({
      class: met,
      service: "orders",
      features: { region: "eu" },
      step: 0,
      history: [],
      mask: choices.map(() => 1),
      policyProbabilities: choices.map(({ index }) => (index === action ? 1 : 0)),
    }) as unknown as DecisionRecord;
  const { runbook: table, measured } = exportRunbookFromLog(definition, [record("TIMEOUT", 0), record("429", 4)]);
  expect(measured).toBeNull();
  expect(table.rules.map(({ when, do: list }) => [when, list])).toEqual([
    [{ class: "429" }, [choices[4].name]],
    [{ class: "TIMEOUT" }, [choices[0].name]],
  ]);
  const otherwise = runbook({ 429: ["backup"], "*": ["source"] });
  const whole = exportRunbookFromLog(definition, [record("TIMEOUT", 0), record("429", 4)], { otherwise });
  expect(whole.runbook.rules.slice(2).map((rule) => rule.do)).toEqual([["backup"], ["source"]]);
  expect(whole.yaml).toContain("go by the rules from before");
  const everywhere = exportRunbookFromLog(definition, [record("429", 4)], { otherwise });
  expect(everywhere.runbook.rules).toHaveLength(1); // nothing is left for the others
  const unconsulted = { ...record("429", 0), policyProbabilities: null };
  expect(() => exportRunbookFromLog(definition, [unconsulted])).toThrow("for no decision of the log");
});
