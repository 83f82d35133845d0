import { count, escaped } from "../../run/report/text.ts";
import type { Favourite, FirstChoices } from "./first-choices.ts";

/** A table of services and classes: the policy's first answer, and the runbook's where it is another. */
export function choiceTable(cells: readonly FirstChoices[]): string {
  if (!cells.some(({ policy }) => policy)) return "";
  const classes = [...new Set(cells.map((cell) => cell.class))].sort();
  const services = [...new Set(cells.map(({ service }) => service))].sort();
  const rows = services.map((service) => {
    const row = classes.map((word) =>
      choiceCell(cells.find((cell) => cell.service === service && cell.class === word)),
    );
    return `<tr><td>${escaped(service)}</td>${row.join("")}</tr>`;
  });
  const differing = cells.filter(differs).length;
  return `
<h2>The first answer</h2>
<div class="card scroll"><table class="choices">
<tr><th>service</th>${classes.map((word) => `<th>${escaped(word)}</th>`).join("")}</tr>
${rows.join("\n")}
</table></div>
<p class="soft">What the policy would do first, most often, by service and class of the failure; where the runbook would do something else, ${count(differing)} of ${count(cells.length)} places, the place is marked and says what.</p>`;
}

function choiceCell(cell: FirstChoices | undefined): string {
  if (!cell) return `<td><span class="soft">–</span></td>`;
  const { policy, baseline, episodes } = cell;
  const seen = `<span class="soft">of ${count(episodes)}</span>`;
  if (!policy) return `<td>${name(baseline)}${seen}</td>`;
  if (!differs(cell)) return `<td>${name(policy)}${seen}</td>`;
  return `<td class="differs"><b>${name(policy)}</b><span class="soft">runbook: ${name(baseline)}, of ${count(episodes)}</span></td>`;
}

function differs({ policy, baseline }: FirstChoices): boolean {
  return policy !== null && policy.choice !== baseline.choice;
}

function name({ choice, share }: Favourite): string {
  return share > 0.995 ? escaped(choice) : `${escaped(choice)} ${Math.round(100 * share)} %`;
}
