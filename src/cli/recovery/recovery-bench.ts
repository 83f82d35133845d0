import { benchRandomServices } from "../../recovery/bench/random-services-benchmark.ts";
import {
  benchRecovery,
  type Comparison,
  type RecoveryBenchmark,
  type RowName,
  rowNames,
} from "../../recovery/bench/recovery-benchmark.ts";
import type { Estimate } from "../../recovery/simulation/estimate.ts";
import { count } from "../terminal/number.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

const rowTitles: Readonly<Record<RowName, string>> = {
  backoff3: "backoff ×3, then give up",
  backoff7: "backoff ×7, to 30 s",
  backoffSourceBackup: "backoff ×3, source, backup",
  runbook: "expert runbook by error class",
  informed: "an expert told the true cause",
  reinforce: "learned, REINFORCE",
  ppo: "learned, PPO",
};

export const recoveryBenchSection = section({
  title: "RecoveryBench-0",
  seconds: { quick: 22, full: 185 },
  measure: benchRecovery,
  json: ({ rows, settings, byService, drift, timeToRecovery, hashes }) => ({
    recoveryBench: rows,
    recoveryBenchDetails: { settings, byService, drift, timeToRecovery, hashes },
  }),
  text: recoveryText,
});

function recoveryText(result: RecoveryBenchmark, style: Style): string {
  const { rows, byService, drift, timeToRecovery, settings } = result;
  const { dim, bold } = style;
  const { seeds, driftSeeds } = settings;
  const heads = ["policy", "return", "95 % interval", "success", "escalated", "seconds", "calls", "wasted retries"];
  return [
    table([
      heads.map(dim),
      ...rowNames.map((name) => {
        const { success, escalated, seconds, calls, wastedRetries, ...row } = rows[name];
        return [
          rowTitles[name],
          bold(fixed(row.return.mean)),
          interval(row.return),
          ...[success, escalated].map(fixed),
          seconds.toFixed(1),
          ...[calls, wastedRetries].map((number) => number.toFixed(2)),
        ];
      }),
    ]),
    dim(
      `${count(settings.episodes)} episodes each; ${seeds} seeds of ${count(settings.reinforce.totalSteps)} steps of REINFORCE, ${count(settings.ppo.totalSteps)} of PPO; seconds to success.`,
    ),
    "",
    table([
      ["return", "runbook", "PPO", "gain", ""].map(dim),
      ...Object.entries(byService).map(([name, comparison]) => gainRow(name, comparison, style)),
      [...gainRow("drift: outages +.5", drift, style)],
      [
        "  learned anew there",
        "",
        fixed(drift.retrained.mean),
        "",
        dim(`${driftSeeds} ${driftSeeds === 1 ? "seed" : "seeds"}`),
      ],
    ]),
    "",
    `Time to recovery where both saved the step, ${count(timeToRecovery.episodes)} episodes: runbook ${bold(`${timeToRecovery.runbook.toFixed(1)} s`)}, PPO ${bold(`${timeToRecovery.learned.toFixed(1)} s`)}`,
  ].join("\n");
}

/** No gain is said to be one that the intervals do not hold apart. */
function gainRow(name: string, { runbook, learned }: Comparison, { good, bad, dim }: Style): string[] {
  const gain = learned.mean - runbook.mean;
  const apart = learned.ci95[0] > runbook.ci95[1] || learned.ci95[1] < runbook.ci95[0];
  const shown = `${gain > 0 ? "+" : ""}${fixed(gain)}`;
  const verdict = apart ? "" : dim("within chance");
  return [name, fixed(runbook.mean), fixed(learned.mean), apart ? (gain > 0 ? good : bad)(shown) : shown, verdict];
}

export const randomServicesSection = section({
  title: "Services that the policy has never met",
  seconds: { quick: 4, full: 70 },
  measure: benchRandomServices,
  json: (randomServices) => ({ randomServices }),
  text: ({ services, passed, runbook, learned, gated, worst, belowByMoreThanOnePercent, settings }, { bold }) =>
    [
      `One policy, learned on ${count(settings.trainingServices)} random services in ${count(settings.steps)} steps, told no names; ${services} others, each behind a gate.`,
      `The gate let it through on ${bold(`${passed} of ${services}`)}; the rest keep their runbook.`,
      `Mean return: runbook ${fixed(runbook)}, learned ${fixed(learned)}, gated ${bold(fixed(gated))}`,
      `Worst of the gated: ${worst.service}, ${worst.gain < 0 ? "" : "+"}${fixed(worst.gain)} against its runbook; below it by more than 1 %: ${bold(String(belowByMoreThanOnePercent))}`,
    ].join("\n"),
});

function fixed(x: number): string {
  return x.toFixed(3);
}

function interval({ ci95: [low, high] }: Estimate): string {
  return `${fixed(low)} … ${fixed(high)}`;
}
