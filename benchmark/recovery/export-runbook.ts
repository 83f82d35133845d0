/**
 * node scripts/run-typescript.mjs benchmark/recovery/export-runbook.ts [--seeds N]
 *
 * What is lost by writing a learned policy down as a runbook? Policies are learned in RecoveryBench-0, each from a seed of its
 * own, exported, and measured together with their tables, over 100,000 episodes and with the same chance for both. Prints the
 * first table, and a row for each seed.
 */
import { parseArgs } from "node:util";
import { benchProblem } from "../../src/recovery/bench/problem.ts";
import { byRunbook } from "../../src/recovery/bench/static-policies.ts";
import { define } from "../../src/recovery/definition.ts";
import { pretrain } from "../../src/recovery/learn/pretrain.ts";
import { exportRunbook } from "../../src/recovery/runbook/export/export-runbook.ts";
import { adviceOf } from "../../src/recovery/runbook/export/visit.ts";
import { evaluateRecovery } from "../../src/recovery/simulation/evaluate-recovery.ts";
import { recoveryBench } from "../../src/recovery/simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../../src/recovery/simulation/recovery-bench-services.ts";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "3" } } });
const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const simulator = recoveryBench();

const expert = evaluateRecovery(simulator, definition, byRunbook(definition.choices), { episodes: 100_000, seed: 3 });
console.log(`expert runbook: ${expert.return.mean.toFixed(3)}\n`);
for (let seed = 0; seed < Number(values.seeds); seed++) {
  const { policy } = await pretrain(definition, simulator, { seed });
  const { runbook, yaml, measured } = exportRunbook(definition, adviceOf(definition, policy), simulator);
  if (seed === 0) console.log(`${yaml}\n| seed | learned | as a table | loss | rules |\n|---|---|---|---|---|`);
  if (!measured) continue;
  const { policy: learned, table, loss } = measured;
  const row = [learned, table, loss].map(
    ({ mean, ci95 }) => `${mean.toFixed(4)} ± ${((ci95[1] - ci95[0]) / 2).toFixed(4)}`,
  );
  console.log(`| ${seed} | ${row.join(" | ")} | ${runbook.rules.length} |`);
}
