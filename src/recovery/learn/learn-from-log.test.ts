import { expect, test } from "vitest";
import { decodePolicy } from "../../deploy/policy-file.ts";
import { PLAUSIBLE } from "../behaviour.ts";
import { byPolicy } from "../bench/learned-policy.ts";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook, expertRules } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { runbook } from "../runbook/runbook.ts";
import { evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import { simulatedLog } from "../simulation/simulated-log.ts";
import { cloneLog, type LearnedFromLog, type LogLearningOptions, learnFromLog } from "./learn-from-log.ts";
import { logRows } from "./log-rows.ts";
import { networkPolicy } from "./network-policy.ts";

const services = recoveryBenchServices.slice(3);
const definition = define(benchProblem(services.map(({ name }) => name)));
const { choices, encoder } = definition;
const simulator = recoveryBench({ services });
const epsilon = 0.3;
const short: Partial<LogLearningOptions> = {
  members: 2,
  rounds: 1,
  hidden: [32],
  minSteps: 300,
  fit: { hidden: [32], minSteps: 1000 },
};

const logOf = (episodes: number, seed: number): DecisionRecord[] => [
  ...simulatedLog(definition, simulator, {
    episodes,
    seed,
    baseline: runbook(expertRules),
    exploration: { epsilon, among: "legal" },
  }),
];
const log = logOf(3000, 1);
const place = (name: string) => choices.findIndex((choice) => choice.name === name);

/** What a policy thinks of every decision of a log, [n, choices]. */
function advices({ policy }: Pick<LearnedFromLog, "policy">, rows: LearnedFromLog["rows"]): Float32Array[] {
  return Array.from({ length: rows.size }, (_, i) => {
    const out = new Float32Array(choices.length);
    policy.probabilities(
      rows.observations.subarray(i * encoder.size, (i + 1) * encoder.size),
      rows.masks.subarray(i * choices.length, (i + 1) * choices.length),
      out,
    );
    return out;
  });
}

test("a log alone teaches more than the runbook knows that made it", () => {
  const { policy } = learnFromLog(definition, log, short);
  const judge = { episodes: 10_000, seed: 3 };
  const learned = evaluateRecovery(simulator, definition, byPolicy(definition, policy, 0), judge);
  const expert = evaluateRecovery(simulator, definition, byRunbook(choices), judge);
  expect(learned.return.mean).toBeGreaterThan(expert.return.mean);
});

test("the clone of a log has its propensities, though it saw none of them", () => {
  const rows = logRows(definition, log);
  const clone = cloneLog(definition, rows, short.fit);
  let error = 0;
  advices(clone, rows).forEach((chances, i) => {
    chances.forEach((chance, a) => {
      error += Math.abs(chance - rows.chances[i * choices.length + a]) / rows.size;
    });
  });
  expect(error).toBeLessThan(0.3); // summed over nine choices; who knows only the mask errs by more than 1
  const ofRunbook = (chances: ArrayLike<number>, i: number) => chances[rows.baselines[i]] / rows.size;
  const cloned = advices(clone, rows).reduce((sum, chances, i) => sum + ofRunbook(chances, i), 0);
  // 1 − ε + ε/8, or ε/7 where the backup is not allowed; 1 − ε where the runbook gives up
  expect(cloned).toBeGreaterThan(1 - epsilon - 0.06);
  expect(cloned).toBeLessThan(1 - epsilon + epsilon / 7 + 0.06);
});

test("what a log never shows is never chosen, whatever a network might hope of it", () => {
  const rolledBack = new Set(log.filter(({ action }) => action === "rollback").map(({ episode }) => episode));
  const without = log.filter(({ episode }) => !rolledBack.has(episode));
  const learned = learnFromLog(definition, without, short);
  const highest = Math.max(...advices(learned, learned.rows).map((chances) => chances[place("rollback")]));
  expect(highest).toBeLessThan(PLAUSIBLE);
});

test("where the log's propensities rule a choice out, what is learned does not take it, however good it is made to look", () => {
  const welcome = log.map((record): DecisionRecord => {
    return record.action === "giveUp" ? { ...record, reward: { ...record.reward, escalate: 3 } } : record;
  });
  const learned = learnFromLog(definition, welcome, { ...short, minPropensity: 0 });
  const { chances, size } = learned.rows;
  const giveUp = place("giveUp");
  const slips = advices(learned, learned.rows).filter(
    (advice, i) => chances[i * choices.length + giveUp] === 0 && advice[giveUp] >= PLAUSIBLE,
  );
  expect(slips.length / size).toBeLessThan(0.15); // it imitates, and imitates not quite
});

test("with a margin that no choice can gain, the runbook is what is learned", () => {
  const learned = learnFromLog(definition, log, { ...short, margin: 10 });
  const other = advices(learned, learned.rows).filter((chances, i) => {
    const baseline = learned.rows.baselines[i];
    return chances[baseline] < 0.9;
  });
  expect(other.length / learned.rows.size).toBeLessThan(0.1);
});

test("the same log and seed give the same bytes, another seed gives others, and the file is the policy", () => {
  const few = log.slice(0, 800);
  const quick = { ...short, members: 1, minSteps: 20, fit: { ...short.fit, minSteps: 100 }, minDecisions: 100 };
  const [first, second, other] = [4, 4, 5].map((seed) => learnFromLog(definition, few, { ...quick, seed }));
  expect(second.file).toEqual(first.file);
  expect(other.policy.hash).not.toBe(first.policy.hash);
  const read = networkPolicy(decodePolicy(first.file), definition);
  expect(advices({ policy: read }, first.rows)).toEqual(advices(first, first.rows));
});

test("a log too short to learn from is refused in a sentence, and so is one of another planner", () => {
  expect(() => learnFromLog(definition, log.slice(0, 100))).toThrow(
    /^learnFromLog: recovery-bench has \d+ decisions to learn from \(\d left out\); at least 500 are needed\.$/,
  );
  const foreign = log.map((record) => ({ ...record, choices: record.choices.map((name) => `${name}!`) }));
  expect(() => learnFromLog(definition, foreign)).toThrow(
    `learnFromLog: recovery-bench has 0 decisions to learn from (${log.length} left out); at least 500 are needed.`,
  );
});
