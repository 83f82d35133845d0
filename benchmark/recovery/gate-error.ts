/**
 * node scripts/run-typescript.mjs benchmark/recovery/gate-error.ts [--candidates N] [--episodes N] [--seed N]
 *
 * How often the canary's test promotes a policy that is no better, looked at after every episode, and how soon one that is:
 * on returns of RecoveryBench under the expert runbook, and on distributions made to mislead it. Beside it the textbook's
 * test, which has no virtual episodes. Writes benchmark/recovery/results/gate-error.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  type GateErrorOptions,
  type GateErrorReport,
  gateError,
  type ReturnDistribution,
  recoveryReturns,
} from "../../src/recovery/bench/gate-error.ts";
import { benchProblem } from "../../src/recovery/bench/problem.ts";
import { byRunbook } from "../../src/recovery/bench/static-policies.ts";
import { define } from "../../src/recovery/definition.ts";
import { evaluateRecovery } from "../../src/recovery/simulation/evaluate-recovery.ts";
import { recoveryBench } from "../../src/recovery/simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../../src/recovery/simulation/recovery-bench-services.ts";

const { values: flags } = parseArgs({
  options: {
    candidates: { type: "string", default: "1000" },
    episodes: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
  },
});
const [candidates, episodes, seed] = [flags.candidates, flags.episodes, flags.seed].map(Number);

const rules = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const played = evaluateRecovery(recoveryBench(), rules, byRunbook(rules.choices), { episodes: 100_000, seed });
const runbook = { values: [...played.results.returns] };
const twoValues = (chance: number, low = -1.3): ReturnDistribution => ({
  values: [0.9, low],
  chances: [1 - chance, chance],
});

/** Pairs of one mean. */
const populations: Record<string, { policy: ReturnDistribution; baseline: ReturnDistribution }> = {
  "runbook's returns": { policy: runbook, baseline: runbook },
  "four outcomes": { policy: recoveryReturns, baseline: recoveryReturns },
  "fails 1 in 50": { policy: twoValues(0.02), baseline: twoValues(0.02) },
  "fails 1 in 200": { policy: twoValues(0.005), baseline: twoValues(0.005) },
  "fails 1 in 1000": { policy: twoValues(0.001), baseline: twoValues(0.001) },
  "succeeds 1 in 20": { policy: twoValues(0.95, -0.6), baseline: twoValues(0.95, -0.6) },
  "fails 1 in 50 against a constant": { policy: twoValues(0.02), baseline: { values: [0.9 - 0.02 * 2.2] } },
  "constant against succeeds 1 in 20": { policy: { values: [0.9 - 0.95 * 1.5] }, baseline: twoValues(0.95, -0.6) },
};
const shares = [0.05, 0.2, 0.5];
const range = { lowest: -2, highest: 1 };

mkdirSync("benchmark/recovery/results", { recursive: true });
const errors: object[] = [];
const power: object[] = [];
for (const [population, arms] of Object.entries(populations)) {
  for (const share of shares) {
    for (const virtual of [2, 0]) {
      // A fifth of the candidates shows how much the textbook's test errs.
      const options = { candidates: virtual === 0 ? candidates / 5 : candidates, episodes, share };
      const test = { ...range, virtual };
      const { falsePromotions, falseRollbacks, interval } = run({ seed, ...options, test, ...arms });
      errors.push({ population, virtual, ...options, falsePromotions, falseRollbacks, interval });
      save();
      console.log(
        `${population}, share ${share}, virtual ${virtual}: ${falsePromotions} promoted, ${falseRollbacks} rolled back`,
      );
    }
  }
}

const effects = [0.02, 0.05, 0.076, 0.1, 0.2];
for (const share of shares) {
  const options = { baseline: runbook, effects, effectCandidates: 300, effectEpisodes: 2_000_000, test: range };
  for (const found of run({ seed, candidates: 0, share, ...options }).power) {
    power.push({ population: "runbook's returns", share, ...found });
    save();
    console.log(`share ${share}, effect ${found.effect}: median ${found.medianEpisodes}, 90 % ${found.episodes90}`);
  }
}

/** After each cell, so that a run that is stopped leaves what it found. */
function save(): void {
  const results = { seed, range, alpha: 0.05, minimum: 100, errors, power };
  writeFileSync("benchmark/recovery/results/gate-error.json", `${JSON.stringify(results, null, 1)}\n`);
}

function run(options: Partial<GateErrorOptions>): GateErrorReport {
  return [...gateError(options)].at(-1) as GateErrorReport;
}
