/**
 * node scripts/run-typescript.mjs benchmark/recovery/drift.ts [--systems N]
 *
 * How often the drift monitor raises an alarm over RecoveryBench under the expert runbook, without drift and with more outages,
 * and how long its cumulative sum runs. Writes benchmark/recovery/results/drift.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createCusum, observeCusum } from "../../src/math/cusum.ts";
import {
  createDriftMonitor,
  type DriftFeature,
  driftDefaults,
  driftReference,
  observeDrift,
} from "../../src/math/drift-monitor.ts";
import { createRandom, type Random } from "../../src/math/random.ts";
import { quantile } from "../../src/math/statistics.ts";
import { benchProblem } from "../../src/recovery/bench/problem.ts";
import { byRunbook } from "../../src/recovery/bench/static-policies.ts";
import { define } from "../../src/recovery/definition.ts";
import { totalReward } from "../../src/recovery/reward.ts";
import { recoveryBench } from "../../src/recovery/simulation/recovery-bench.ts";
import { failureClasses, recoveryBenchServices } from "../../src/recovery/simulation/recovery-bench-services.ts";
import { startRun } from "../../src/recovery/simulation/simulated-run.ts";

const { values: flags } = parseArgs({ options: { systems: { type: "string", default: "200" } } });
const systems = Number(flags.systems);
const records = 5000;

const names = recoveryBenchServices.map(({ name }) => name);
const rules = define(benchProblem(names));
const decide = byRunbook(rules.choices);
const features: readonly DriftFeature[] = [
  { kind: "categorical", categories: names.length },
  { kind: "categorical", categories: failureClasses.length },
  { kind: "numeric" },
];

/** Service, first class, and milliseconds to the end; and the return. */
function episodes(drift: number): (random: Random) => { seen: number[]; value: number } {
  const simulator = recoveryBench({ drift });
  return (random) => {
    const run = startRun(simulator, rules, random);
    const seen = [names.indexOf(run.failure.service), failureClasses.indexOf(run.failure.class as never), 0];
    let value = 0;
    for (let ending = null; ending === null; ) {
      const taken = run.take(decide(run));
      ending = taken.ending;
      value += totalReward(taken.reward);
    }
    seen[2] = run.failure.elapsedMs;
    return { seen, value };
  };
}

const still = episodes(0);
const results: Record<string, unknown> = { records, systems, defaults: driftDefaults };

for (const numeric of ["psi", "ks"] as const) {
  const alarms = { windows: 0, features: 0, reward: 0, episodes: 0, systems: 0 };
  for (let system = 0; system < systems; system++) {
    const random = createRandom(system);
    const monitor = monitorOf(random, numeric);
    let raised = false;
    for (let i = 0; i < 10 * driftDefaults.window; i++) {
      const { seen, value } = still(random);
      const alarm = observeDrift(monitor, seen, value);
      if (alarm) alarms[alarm.kind]++;
      raised ||= alarm !== null;
    }
    alarms.systems += raised ? 1 : 0;
    alarms.windows += 10;
    alarms.episodes += 10 * driftDefaults.window;
  }
  report(`no drift, ${numeric}`, alarms);

  for (const drift of [0.1, 0.25, 0.5, 1]) {
    const moved = episodes(drift);
    const waits: number[] = [];
    const kinds = { features: 0, reward: 0, none: 0 };
    for (let system = 0; system < systems / 4; system++) {
      const random = createRandom(1000 + system);
      const monitor = monitorOf(random, numeric);
      let alarm = null;
      let after = 0;
      for (; after < 50_000 && alarm === null; after++) {
        const { seen, value } = moved(random);
        alarm = observeDrift(monitor, seen, value);
      }
      kinds[alarm?.kind ?? "none"]++;
      waits.push(after);
    }
    report(`outage prior +${drift}, ${numeric}`, {
      median: quantile(waits, 0.5),
      ninth: quantile(waits, 0.9),
      ...kinds,
    });
  }
}

/** Returns of the runbook, to draw from. */
const random = createRandom(5);
const returns = Array.from({ length: 50_000 }, () => still(random).value);
const { reward: moments } = driftReference([], [], returns);
const draws: Record<string, (random: Random) => number> = {
  normal: (random) => moments.mean + moments.deviation * random.normal(),
  runbook: (random) => returns[random.integer(returns.length)],
};
for (const [name, draw] of Object.entries(draws)) {
  const tail = name === "normal" ? { skewness: 0, kurtosis: 0 } : {};
  for (const shift of [0.1, 0.25, 0.5]) {
    for (const runLength of [1000, 10_000, 100_000]) {
      const options = { ...moments, ...tail, count: 1e12, shift, runLength, watch: "fall" } as const;
      const runs = runLength > 50_000 ? 100 : 400;
      const [stream, shifted] = [createRandom(7), createRandom(8)];
      const measured: number[] = [];
      const delays: number[] = [];
      for (let i = 0; i < runs; i++) {
        measured.push(untilAlarm(options, () => draw(stream)));
        delays.push(untilAlarm(options, () => draw(shifted) - shift * moments.deviation));
      }
      const { threshold } = createCusum(options);
      const mean = measured.reduce((sum, length) => sum + length) / runs;
      const found = { threshold, runLength: mean, delay: quantile(delays, 0.5), delay90: quantile(delays, 0.9) };
      report(`cusum of ${name} rewards, shift ${shift}, stated run length ${runLength}`, found);
    }
  }
}

mkdirSync("benchmark/recovery/results", { recursive: true });
writeFileSync("benchmark/recovery/results/drift.json", `${JSON.stringify(results, null, 1)}\n`);

function monitorOf(random: Random, numeric: "psi" | "ks") {
  const rows: number[] = [];
  const rewards: number[] = [];
  for (let i = 0; i < records; i++) {
    const { seen, value } = still(random);
    rows.push(...seen);
    rewards.push(value);
  }
  return createDriftMonitor(driftReference(features, rows, rewards), { numeric });
}

function untilAlarm(options: Parameters<typeof createCusum>[0], next: () => number): number {
  const cusum = createCusum(options);
  let values = 1;
  while (!observeCusum(cusum, next())) values++;
  return values;
}

function report(name: string, found: object): void {
  results[name] = found;
  console.log(name, JSON.stringify(found));
}
