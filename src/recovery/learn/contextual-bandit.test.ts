import { expect, test } from "vitest";
import { byPolicy } from "../bench/learned-policy.ts";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook, expertRules } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import { runbook } from "../runbook/runbook.ts";
import { evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import { firstDecisionEnv, learnFirstDecision } from "./contextual-bandit.ts";

const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const sharedFate = recoveryBench({ services: recoveryBenchServices.slice(3) });
const expert = runbook(expertRules);
const { choices } = definition;

test("a first decision is worth what it earns and what the runbook earns after it", () => {
  const env = firstDecisionEnv(definition, sharedFate, expert);
  const source = choices.findIndex(({ name }) => name === "source");
  const thenRunbook = byRunbook(choices, expert);
  const { results } = evaluateRecovery(
    sharedFate,
    definition,
    (run) => (run.failure.history.length === 0 ? source : thenRunbook(run)),
    { episodes: 300, seed: 6 },
  );
  const rewards = Array.from({ length: 300 }, (_, i) => {
    env.reset(i === 0 ? { seed: 6 } : {});
    const { reward, terminated, truncated } = env.step(source);
    expect([terminated, truncated]).toEqual([true, false]);
    return reward;
  });
  for (const [i, reward] of rewards.entries()) expect(reward).toBeCloseTo(results.returns[i], 10);
  expect(() => env.step(source)).toThrow("RecoveryBench-0: no first decision is due; call reset first.");
});

test("a bandit put back meets the failure that it was saved with", () => {
  const [env, other] = [1, 2].map(() => firstDecisionEnv(definition, sharedFate, expert));
  env.reset({ seed: 3 });
  for (let i = 0; i < 50; i++) {
    other.restore?.(JSON.parse(JSON.stringify(env.snapshot?.())));
    expect(other.step(1)).toEqual(env.step(1));
    expect(other.reset()).toEqual(env.reset());
  }
});

test("learning the first decision alone is worth more than the runbook's where the secondary shares the fault", async () => {
  const options = { totalSteps: 20_000, horizon: 16, hidden: [32] };
  const { policy } = await learnFirstDecision(definition, sharedFate, expert, { seed: 1, options });
  const [first, then] = [byPolicy(definition, policy, 0), byRunbook(choices, expert)];
  const judge = { episodes: 10_000, seed: 3 };
  const learned = evaluateRecovery(
    sharedFate,
    definition,
    (run) => (run.failure.history.length === 0 ? first : then)(run),
    judge,
  );
  expect(learned.return.ci95[0]).toBeGreaterThan(evaluateRecovery(sharedFate, definition, then, judge).return.mean);
});
