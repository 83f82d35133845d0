/**
 * node scripts/run-typescript.mjs benchmark/recovery/learn-from-log.ts [--logs N] [--seed N]
 *
 * What a log of 20,000 RecoveryBench failures teaches, written by the expert runbook with ε = .3: by learning from it, and by
 * PPO in a simulator made of it; and what the log can say of the policy. Writes benchmark/recovery/results/learn-from-log.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  benchLearnFromLog,
  type JudgedPolicy,
  type LearnFromLogReport,
} from "../../src/recovery/bench/learn-from-log.ts";

const { values: flags } = parseArgs({
  options: { logs: { type: "string", default: "3" }, seed: { type: "string", default: "1" } },
});
const [logs, seed] = [flags.logs, flags.seed].map(Number);
mkdirSync("benchmark/recovery/results", { recursive: true });
const results: (LearnFromLogReport & { readonly cpuSeconds: number })[] = [];

for (let i = 0; i < logs; i++) {
  const before = process.cpuUsage();
  const report = await benchLearnFromLog({ seed: seed + i, quick: false }, { episodes: 100_000, steps: 300_000 });
  const { user, system } = process.cpuUsage(before);
  results.push({ ...report, cpuSeconds: Math.round((user + system) / 1e5) / 10 });
  writeFileSync("benchmark/recovery/results/learn-from-log.json", `${JSON.stringify(results, null, 1)}\n`);
  const { runbook, learned, pretrained, asked } = report;
  console.log(`log ${seed + i}, ${report.decisions} decisions`);
  for (const [name, policy] of Object.entries({ runbook, learned, pretrained }))
    console.log(`  ${name} ${line(policy)}`);
  for (const { log, share, effectiveShare, supported, uplift, truth } of asked) {
    const said = uplift ? `${uplift.lower95.toFixed(4)} … ${uplift.upper95.toFixed(4)}` : "refused";
    console.log(
      `  ${log} log, share ${share}: effective ${(100 * effectiveShare).toFixed(2)} %, ${supported ? said : "refused"}, true ${truth.toFixed(4)}`,
    );
  }
}

function line({ return: { mean, ci95 }, byService }: JudgedPolicy): string {
  const services = Object.entries(byService).map(([name, value]) => `${name} ${value.mean.toFixed(3)}`);
  return `${mean.toFixed(4)} [${ci95.map((bound) => bound.toFixed(4)).join(", ")}], ${services.join(", ")}`;
}
