import { exp } from "../../math/transcendental.ts";
import type { Explanation, Influence } from "./explanation.ts";

/** Influences that are told, for and against. */
const TOLD = 3;
/** Odds moved by less than a twentieth are not worth a word. */
const LEAST = 0.05;

/** An explanation for a person: what is chosen, what the runbook would do, and what made the difference. */
export function explanationLines(explanation: Explanation): [choice: string, runbook: string, reasons: string] {
  return [choiceLine(explanation), runbookLine(explanation), reasonLine(explanation)];
}

function choiceLine({ service, class: met, chosen, probabilities }: Explanation): string {
  const told = probabilities.slice(0, 3).map(({ choice, probability }) => `${choice} ${percent(probability)}`);
  return `${service} met ${met}: the policy takes ${chosen}. Of what is allowed it gives ${told.join(", ")}.`;
}

function runbookLine({ chosen, baseline }: Explanation): string {
  if (baseline === null) return "No runbook was asked.";
  return baseline === chosen ? "The runbook does the same." : `The runbook would take ${baseline}.`;
}

function reasonLine({ instead, influences }: Explanation): string {
  if (instead === null) return "Nothing else was allowed.";
  const weighty = influences.filter(({ change }) => Math.abs(change) >= LEAST);
  if (weighty.length === 0) return `Nothing that was seen stands out; it would weigh against ${instead} much the same.`;
  const parts = [
    told(
      "for it",
      weighty.filter(({ change }) => change > 0),
    ),
    told(
      "against it",
      weighty.filter(({ change }) => change < 0),
    ),
  ];
  return `Rather than ${instead}: ${parts.filter(Boolean).join("; ")}.`;
}

/** "for it speak service batch-etl (odds ×3.1), class NODATA (×2)" */
function told(direction: string, influences: readonly Influence[]): string {
  if (influences.length === 0) return "";
  const parts = influences.slice(0, TOLD).map(({ name, seen, change }, i) => {
    const factor = Number(exp(Math.min(20, Math.abs(change))).toPrecision(2));
    return `${name} ${seen} (${i === 0 ? "odds " : ""}${change > 0 ? "×" : "÷"}${factor})`;
  });
  return `${direction} ${parts.length === 1 ? "speaks" : "speak"} ${parts.join(", ")}`;
}

function percent(share: number): string {
  const rounded = Math.round(100 * share);
  return rounded === 0 && share > 0 ? "<1 %" : `${rounded} %`;
}
