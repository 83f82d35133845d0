/**
 * node scripts/run-typescript.mjs benchmark/recovery/coverage.ts [SETTING …] [--replications N]
 *
 * How often do intervals of off-policy estimates hold the truth? Logs of single decisions are drawn from tasks whose truth is
 * known by summation, and each is evaluated as a user would. Prints a table of the logs that the gate let pass: the share whose
 * interval holds the truth, the share whose truth is below it, and the mean width.
 */
import { parseArgs } from "node:util";
import { createRandom, evaluateOffPolicy, type Interval, type OffPolicyValue, type OffPolicyValues } from "belay-rl";
import { banditTask, type Setting, settings } from "./bandit-task.ts";

const estimators = ["inversePropensity", "selfNormalized", "doublyRobust"] as const;
const intervals = ["bootstrap", "student", "bernstein", "hoeffding"] as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { replications: { type: "string", default: "1000" } },
});
const replications = Number(values.replications);
for (const setting of settings) {
  if (positionals.length === 0 || positionals.includes(setting.name)) measure(setting);
}

function measure(setting: Setting): void {
  const task = banditTask(setting);
  const { truth, rewardRange, maxWeight } = task;
  const random = createRandom(setting.seed);
  const supported: OffPolicyValues[] = [];
  let effective = 0;
  for (let seed = 0; seed < replications; seed++) {
    const report = evaluateOffPolicy(task.draw(random), { rewardRange, maxWeight, seed, resamples: 500 });
    effective += (report.diagnostics?.effectiveSampleSize ?? 0) / replications;
    if (report.supported) supported.push(report.estimates);
  }
  console.log(
    `\n${setting.name}: truth ${truth.toFixed(4)}, weights to ${maxWeight.toFixed(1)}, ${setting.size} rows of which ` +
      `${effective.toFixed(0)} are effective, ${supported.length} of ${replications} logs supported\n`,
  );
  console.log("| estimate | interval | covered | truth below | width |\n|---|---|---|---|---|");
  for (const estimator of estimators) {
    for (const kind of intervals) {
      const told = supported
        .map((estimates): OffPolicyValue | null => estimates[estimator])
        .map((value) => value?.[kind])
        .filter((interval): interval is Interval => !!interval);
      if (told.length > 0) console.log(`| ${estimator} | ${kind} | ${summary(told, truth).join(" | ")} |`);
    }
  }
}

function summary(told: readonly Interval[], truth: number): string[] {
  const percent = (holds: (interval: Interval) => boolean) =>
    `${((100 * told.filter(holds).length) / told.length).toFixed(1)} %`;
  const width = told.reduce((sum, { lower, upper }) => sum + (upper - lower) / told.length, 0);
  return [
    percent(({ lower, upper }) => lower <= truth && truth <= upper),
    percent(({ lower }) => truth < lower),
    width.toFixed(4),
  ];
}
