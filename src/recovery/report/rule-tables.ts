import { escaped } from "../../run/report/text.ts";
import { ruleName } from "../runbook/rule-name.ts";
import type { Runbook } from "../runbook/runbook.ts";

/** The runbook in charge and the learned policy as a table, side by side; rules that only one of them has are marked. */
export function ruleTables(inCharge: Runbook | undefined, exported: Runbook | undefined): string {
  const tables = [
    ...(exported ? [ruleTable("What was learned, as a runbook", exported, inCharge)] : []),
    ...(inCharge ? [ruleTable("The runbook in charge", inCharge, exported)] : []),
  ];
  return tables.length > 0 ? `<h2>Rules</h2><div class="pair">${tables.join("")}</div>` : "";
}

function ruleTable(title: string, { rules, hash }: Runbook, other: Runbook | undefined): string {
  const known = new Set(other?.rules.map((rule) => `${ruleName(rule)}: ${rule.do}`));
  const rows = rules.map((rule) => {
    const steps = rule.do.map((choice) => `<span class="step">${escaped(choice)}</span>`).join("");
    const mark = other && !known.has(`${ruleName(rule)}: ${rule.do}`) ? ` class="differs"` : "";
    return `<tr${mark}><td>${escaped(ruleName(rule))}</td><td>${steps || "escalate"}</td></tr>`;
  });
  return `<div class="card"><h3>${title} <span>${hash.slice(0, 8)}</span></h3><table class="rules"><tr><th>where</th><th>do, in order</th></tr>${rows.join("")}</table></div>`;
}
