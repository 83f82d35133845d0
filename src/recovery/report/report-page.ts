import { style } from "../../run/report/style.ts";
import { count, escaped, short } from "../../run/report/text.ts";
import type { Transition } from "../ladder/ladder.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import type { Runbook } from "../runbook/runbook.ts";
import type { Estimate } from "../simulation/estimate.ts";
import { stackedBars } from "./bars.ts";
import { choiceTable } from "./choice-table.ts";
import { ruleTables } from "./rule-tables.ts";
import { recoveryStyle } from "./style.ts";
import { type ArmName, type ArmSummary, type RecoverySummary, recoverySummary } from "./summary.ts";
import { overTime } from "./time-section.ts";

export interface RecoveryReportOptions {
  /** Of the ladder: `ladder.history`. */
  readonly transitions?: readonly Transition[];
  /** What is in charge, and the learned policy as a table, to be shown side by side. */
  readonly runbook?: Runbook;
  readonly exported?: Runbook;
}

/** One page that says what a log holds. It stands alone: nothing is loaded from anywhere, and no script is run. */
export async function recoveryReport(
  records: Iterable<DecisionRecord> | AsyncIterable<DecisionRecord>,
  options: RecoveryReportOptions = {},
): Promise<string> {
  return recoveryPage(await recoverySummary(records), options);
}

/** The same of a summary. */
export function recoveryPage(
  summary: RecoverySummary,
  { transitions = [], runbook, exported }: RecoveryReportOptions = {},
): string {
  const title = `Recovery of ${summary.planner}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Belay</title>
<style>${style}${recoveryStyle}</style>
</head>
<body>
<header>
<p class="brand">Belay</p>
<h1>${escaped(title)}</h1>
<p class="soft">${introduction(summary)}</p>
</header>
${tiles(summary)}
${returnBars(summary)}
${endings(summary)}
${services(summary)}
${choiceTable(summary.firstChoices)}
${overTime(summary, transitions)}
${ruleTables(runbook, exported)}
</body>
</html>
`;
}

const armLabels: Readonly<Record<ArmName, string>> = { policy: "Policy", baseline: "Runbook" };
const armNames: readonly ArmName[] = ["policy", "baseline"];

function introduction({ from, to, episodes, decisions, torn, modes }: RecoverySummary): string {
  const told = Object.entries(modes).map(([mode, n]) => `${mode} ${count(n)}`);
  const lost = torn > 0 ? ` ${count(torn)} more lack records and are left out.` : "";
  return `${minute(from)} to ${minute(to)} UTC: ${count(episodes)} failures, ${count(decisions)} decisions.${lost} Decisions by mode: ${escaped(told.join(", "))}.`;
}

function tiles({ uplift, arms, matched, fallbacks, decisions }: RecoverySummary): string {
  const { policy, baseline } = arms;
  const facts: [value: string, meaning: string][] = [];
  if (uplift) facts.push([signed(uplift.mean), `return over the runbook’s, 95 % in ${interval(uplift)}`]);
  const lead = policy ?? baseline;
  const beside = (of: (arm: ArmSummary) => string) => (policy && baseline ? `; by the runbook ${of(baseline)}` : "");
  if (lead) facts.push([percent(lead.success), `saved${beside((arm) => percent(arm.success))}`]);
  if (lead) facts.push([percent(lead.escalated), `escalated${beside((arm) => percent(arm.escalated))}`]);
  if (matched)
    facts.push([
      `${short(matched.policy)} s`,
      `to recovery; by the runbook ${short(matched.baseline)} s, of like failures`,
    ]);
  const fell = Object.values(fallbacks).reduce((sum, n) => sum + n, 0);
  facts.push([percent(fell / decisions), "of the decisions fell back on the runbook"]);
  return `<div class="tiles">${facts
    .map(
      ([value, meaning], i) =>
        `<div class="tile${i === 0 ? " first" : ""}"><b>${value}</b><span class="soft">${meaning}</span></div>`,
    )
    .join("")}</div>`;
}

const meanings: readonly [part: keyof ArmSummary["parts"], meaning: string][] = [
  ["success", "saved"],
  ["seconds", "seconds"],
  ["calls", "calls"],
  ["cost", "costs of actions"],
  ["unhealthy", "load on what is down"],
  ["escalate", "giving up"],
  ["deadline", "out of time or attempts"],
];

function returnBars({ arms }: RecoverySummary): string {
  const bars = armNames.flatMap((name) => {
    const arm = arms[name];
    const parts = meanings.map(([part]) => ({ name: part, value: arm?.parts[part] ?? 0 }));
    return arm ? [{ label: armLabels[name], parts, total: arm.return }] : [];
  });
  const used = meanings.filter(([part]) =>
    bars.some(({ parts }) => parts.some(({ name, value }) => name === part && value !== 0)),
  );
  const keys = used.map(([part, meaning]) => `<span><i class="${part}"></i>${meaning}</span>`);
  return `
<h2>What a failure comes to</h2>
<figure class="card"><div class="scroll">${stackedBars("return by component", bars, 1040)}</div>
<div class="keys">${keys.join("")}</div>
<figcaption>Mean reward of an episode by its components: what is earned to the right of zero, what is paid to the left. The mark is their sum, the return, with its 95 % interval below.</figcaption>
</figure>`;
}

const fairnesses = {
  canary: "Only the canary’s episodes are compared: chance assigned them to policy and runbook.",
  all: "Chance did not assign these episodes to policy and runbook; what differs may be the time and the failures as much as the policy. A canary tells.",
};

function endings({ arms, compared, matched }: RecoverySummary): string {
  const rows = armNames.flatMap((name) => {
    const arm = arms[name];
    if (!arm) return [];
    const cells = [
      count(arm.episodes),
      `${thousandth(arm.return.mean)} <span class="soft">${interval(arm.return)}</span>`,
      percent(arm.success),
      percent(arm.escalated),
      percent(arm.exhausted),
      arm.success > 0 ? short(arm.seconds) : "–",
      short(arm.calls),
      short(arm.wastedRetries),
    ];
    return `<tr><td>${armLabels[name]}</td>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const fairness = arms.policy && arms.baseline ? fairnesses[compared] : "";
  const time = matched
    ? `Who rescues hard cases takes longer over what he saves. Where both saved failures, ${count(matched.cells)} pairs of service and first class with ${count(matched.episodes)} of them, the policy took ${short(matched.policy)} s and the runbook ${short(matched.baseline)} s.`
    : "";
  return `
<h2>How it ends</h2>
<div class="card scroll"><table>
<tr><th>decided by</th><th>failures</th><th>return</th><th>saved</th><th>escalated</th><th>out of time</th><th>seconds, if saved</th><th>calls</th><th>wasted retries</th></tr>
${rows.join("\n")}
</table></div>
<p class="soft">${fairness} ${time}</p>`;
}

function services({ services: all }: RecoverySummary): string {
  const columns: ((arm: ArmSummary) => string)[] = [
    ({ episodes }) => count(episodes),
    ({ return: { mean } }) => thousandth(mean),
    ({ success }) => percent(success),
    ({ wastedRetries }) => short(wastedRetries),
  ];
  const rows = all.map(({ service, arms: { policy, baseline }, uplift }) => {
    const cells = columns.flatMap((of) => [policy, baseline].map((arm) => `<td>${arm ? of(arm) : "–"}</td>`));
    return `<tr><td>${escaped(service)}</td>${cells.join("")}${upliftCell(uplift)}</tr>`;
  });
  return `
<h2>By service</h2>
<div class="card scroll"><table class="paired">
<tr><th></th><th colspan="2">failures</th><th colspan="2">return</th><th colspan="2">saved</th><th colspan="2">wasted retries</th><th></th></tr>
<tr><th>service</th>${"<th>policy</th><th>runbook</th>".repeat(4)}<th>policy less runbook</th></tr>
${rows.join("\n")}
</table></div>
<p class="soft">A difference of returns is coloured where its 95 % interval leaves out zero.</p>`;
}

function upliftCell(uplift: Estimate | null): string {
  if (!uplift) return "<td>–</td>";
  const [low, high] = uplift.ci95;
  const verdict = low > 0 ? "better" : high < 0 ? "worse" : "";
  return `<td><span class="${verdict}">${signed(uplift.mean)}</span> <span class="soft">${interval(uplift)}</span></td>`;
}

function interval({ ci95: [low, high] }: Estimate): string {
  if (!Number.isFinite(high - low)) return "too few to say";
  return `[${thousandth(low)}, ${thousandth(high)}]`;
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${thousandth(value)}`;
}

function thousandth(value: number): string {
  return value.toFixed(3).replace("-", "−");
}

function percent(share: number): string {
  return `${Math.round(1000 * share) / 10} %`;
}

/** "2026-01-02 03:04" */
function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}
