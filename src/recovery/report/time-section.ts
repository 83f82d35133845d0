import { count, escaped, short } from "../../run/report/text.ts";
import type { Transition } from "../ladder/ladder.ts";
import type { Decider } from "../record/decision-record.ts";
import { stackedColumns } from "./bars.ts";
import type { RecoverySummary } from "./summary.ts";

const deciders: readonly [decider: Decider, meaning: string][] = [
  ["policy", "the policy"],
  ["exploration", "exploration"],
  ["baseline", "the runbook, in charge"],
  ["fallback", "the runbook, for a policy that could not be used"],
];

/** Why a policy could not be used, in words. */
const causes: Readonly<Record<string, string>> = {
  exception: "it threw an exception",
  "not-finite": "its chances were no chances",
  slow: "it took too long",
  "unknown-value": "a feature had a value that it never learned",
  "no-model": "there was none",
  "stale-model": "it was too old",
  "kill-switch": "the kill switch was on",
};

/** Who decided when, how the policy was trusted, and why it was passed over. */
export function overTime(summary: RecoverySummary, transitions: readonly Transition[]): string {
  const { periods, from, to } = summary;
  const marks = transitions.filter(({ time }) => time >= periods[0].from && time <= periods[periods.length - 1].to);
  const drawing = stackedColumns({
    name: "decisions over time",
    columns: periods.map((period) => ({
      from: period.from,
      to: period.to,
      title: `${clock(period.from)}: ${deciders.map(([decider]) => `${decider} ${count(period.deciders[decider])}`).join(", ")}`,
      parts: deciders.map(([name]) => ({ name, value: period.deciders[name] })),
    })),
    ticks: ticks(from, to),
    marks: marks.map((move) => ({ at: move.time, text: move.to, title: `${clock(move.time)}: ${move.reason}` })),
    width: 1040,
    height: 260,
  });
  const keys = deciders.map(
    ([decider, meaning]) => `<span><i class="${decider}"></i>${meaning}, ${count(summary.deciders[decider])}</span>`,
  );
  return `
<h2>Over time</h2>
<figure class="card"><div class="scroll">${drawing}</div>
<div class="keys">${keys.join("")}</div>
<figcaption>Decisions by who took them${marks.length > 0 ? "; dashed lines are moves on the ladder of trust" : ""}. Times are UTC.</figcaption>
</figure>
${fallbacks(summary)}
${moves(transitions)}`;
}

function fallbacks({ fallbacks: all, decisions }: RecoverySummary): string {
  const rows = Object.entries(all)
    .sort((a, b) => b[1] - a[1])
    .map(
      ([cause, n]) =>
        `<tr><td>${escaped(causes[cause] ?? cause)}</td><td class="words"><code>${escaped(cause)}</code></td><td>${count(n)}</td><td>${Math.round((1000 * n) / decisions) / 10} %</td></tr>`,
    );
  if (rows.length === 0) return `<p class="soft">The policy was used wherever its turn came.</p>`;
  return `
<h2>Why the policy was passed over</h2>
<div class="card scroll"><table><tr><th>because</th><th class="words">cause</th><th>decisions</th><th>share</th></tr>${rows.join("\n")}</table></div>`;
}

function moves(transitions: readonly Transition[]): string {
  if (transitions.length === 0) return "";
  const rows = transitions.map(
    ({ time, from, to, canaryShare, forced, reason }) =>
      `<tr><td>${clock(time)}</td><td class="words">${from} → ${to}${canaryShare > 0 ? ` <span class="soft">${short(100 * canaryShare)} %</span>` : ""}</td><td class="words">${escaped(reason)}${forced ? " (forced)" : ""}</td></tr>`,
  );
  return `
<h2>The ladder of trust</h2>
<div class="card scroll"><table><tr><th>when, UTC</th><th class="words">move</th><th class="words">why</th></tr>${rows.join("\n")}</table></div>`;
}

/** Six times from the first decision to the last, as short as their distance allows. */
function ticks(from: number, to: number): { at: number; text: string }[] {
  const isLong = to - from > 3 * 86_400_000;
  return Array.from({ length: 6 }, (_, i) => {
    const at = from + ((to - from) * i) / 5;
    return {
      at,
      text: isLong
        ? clock(at).slice(5, 10)
        : clock(at).slice(to - from > 7_200_000 ? 5 : 11, to - from > 7_200_000 ? 16 : 19),
    };
  });
}

/** "2026-01-02 03:04:05" */
function clock(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
