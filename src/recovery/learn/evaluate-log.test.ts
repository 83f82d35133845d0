import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { fetchFrom, switchTo } from "../action/build.ts";
import { byPolicy } from "../bench/learned-policy.ts";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook, expertRules } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { runbook } from "../runbook/runbook.ts";
import { evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import { simulatedLog } from "../simulation/simulated-log.ts";
import type { Simulator } from "../simulation/simulator.ts";
import { evaluateLog } from "./evaluate-log.ts";

const services = recoveryBenchServices.slice(3);
const definition = define(benchProblem(services.map(({ name }) => name)));
const { choices, encoder } = definition;
const simulator = recoveryBench({ services });
const log: readonly DecisionRecord[] = [
  ...simulatedLog(definition, simulator, {
    episodes: 3000,
    seed: 2,
    baseline: runbook(expertRules),
    exploration: { epsilon: 0.3, among: "legal" },
  }),
];
const tried = encoder.groups.find(({ name }) => name === "tried")?.offset ?? 0;

/** The first of its list that is allowed and was not tried; else it gives up. */
function list(...names: string[]): RecoveryPolicy {
  const places = [...names, "giveUp"].map((name) => choices.findIndex((choice) => choice.name === name));
  return {
    hash: "0".repeat(64),
    probabilities(observation, mask, out) {
      const open = places.find((index, i) => i === names.length || (mask[index] && observation[tried + index] === 0));
      out.fill(0);
      out[open ?? 0] = 1;
    },
  };
}

test("a policy that does what its log hardly ever did is refused, with the effective sample size that it has", () => {
  const { supported, reason, uplift, candidate } = evaluateLog(definition, log, list("rollback", "params", "retry:50"));
  expect(supported).toBe(false);
  expect(reason).toMatch(/the effective sample size must be at least 100, .* from 3000 episodes/);
  expect(uplift).toBeNull();
  expect(candidate.diagnostics?.effectiveSampleSize).toBeLessThan(100);
});

test.each([
  ["better", list("retry:30000", "params")],
  ["worse", list("backup", "source", "rollback")],
])(
  "of a fifth of a %s policy the log tells the gain over the runbook, and the interval holds the true one",
  (kind, policy) => {
    const share = 0.2;
    const judge = { episodes: 20_000, seed: 7 };
    const [expert, other] = [byRunbook(choices), byPolicy(definition, policy, 0)];
    const random = createRandom(5);
    const mixed = evaluateRecovery(
      simulator,
      definition,
      (run) => (random.uniform() < share ? other(run) : expert(run)),
      judge,
    );
    const truth = mixed.return.mean - evaluateRecovery(simulator, definition, expert, judge).return.mean;
    expect(Math.sign(truth)).toBe(kind === "better" ? 1 : -1);
    const { supported, uplift, episodes, decisions, leftOut } = evaluateLog(definition, log, policy, { share });
    expect({ supported, episodes, decisions, leftOut }).toEqual({
      supported: true,
      episodes: 3000,
      decisions: log.length,
      leftOut: 0,
    });
    expect(uplift?.lower95).toBeLessThan(truth);
    expect(uplift?.upper95).toBeGreaterThan(truth);
    expect((uplift?.upper95 ?? 9) - (uplift?.lower95 ?? 0)).toBeLessThan(0.2);
  },
);

test("a policy that does in a few states what its log never did is refused, however much of the log it agrees with", () => {
  const failure = (word: string) => ({ class: word, status: null, retryAfterMs: null, effect: "none" }) as const;
  const rarely: Simulator = {
    id: "rarely",
    start(random) {
      const symptom = failure(random.uniform() < 0.03 ? "4XX" : "5XX");
      const attempt = () => ({ seconds: 1, symptom: random.uniform() < 0.9 ? null : symptom });
      return { service: "orders", idempotent: true, tags: {}, symptom, attempt };
    },
  };
  const [source, backup] = [switchTo(() => 1), fetchFrom(() => 1)];
  const problem = { name: "rarely", features: () => ({}), actions: { source, backup }, classes: ["5XX", "4XX"] };
  const small = define({ ...problem, guard: { maxAttempts: 1 } });
  const baseline = runbook({ "*": ["source"] });
  const asked: RecoveryPolicy = {
    hash: "0".repeat(64),
    probabilities(observation, _, out) {
      out.fill(0);
      out[observation[small.encoder.size - 1] === 1 ? 1 : 0] = 1; // the backup for 4XX
    },
  };
  const { supported, reason } = evaluateLog(
    small,
    simulatedLog(small, rarely, { episodes: 600, seed: 3, baseline }),
    asked,
  );
  expect(supported).toBe(false);
  expect(reason).toMatch(/the logging policy must do what the evaluated one does, but never does [\d.]+ % of it/);
});

test("a share that is none, and a log without episodes, are refused in a sentence", () => {
  expect(() => evaluateLog(definition, log, list(), { share: 0 })).toThrow(
    "evaluate: share must lie in (0, 1], got 0.",
  );
  expect(() => evaluateLog(definition, log.slice(0, 1), list())).toThrow(
    /^evaluate: recovery-bench needs a log of at least 2 whole episodes, got [01] \([01] decisions left out\)\.$/,
  );
});
