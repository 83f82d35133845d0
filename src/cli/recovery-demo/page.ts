import type { Demonstration, Performance } from "./demonstrate.ts";
import { isBest, scoreColumns } from "./score-table.ts";
import { markOf } from "./timeline.ts";

const [width, margin, laneHeight, bandHeight] = [1100, 130, 54, 22];

/** The demonstration as one page that needs nothing else. */
export function demonstrationPage(demonstration: Demonstration): string {
  const { seed, seconds, training, contestants, absent } = demonstration;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>belay recovery demo, seed ${seed}</title>
<style>
  :root { color-scheme: light dark; --ink: #1c2430; --paper: #fbfaf7; --soft: #6b7480; --good: #2f9e6e; --accent: #2f6fd0; --bad: #d0432f; --fault: #e8b04a; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --paper: #14181e; --soft: #8d96a3; --good: #4cc38a; --accent: #6ea8ff; --bad: #ff7a66; --fault: #b98524; } }
  body { margin: 3rem auto; max-width: 72rem; padding: 0 1.5rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
  h1 { font-weight: 600; margin-bottom: .2rem; } p { color: var(--soft); max-width: 46rem; }
  svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; } text { fill: var(--ink); } .soft { fill: var(--soft); }
  .fault { fill: var(--fault); opacity: .35; } .shared { opacity: .6; } .untroubled { stroke: var(--good); opacity: .55; } .saved { stroke: var(--accent); } .lost { stroke: var(--bad); }
  .wait { stroke: var(--accent); opacity: .35; } .wait.lost { stroke: var(--bad); }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; margin-top: 1.5rem; font-variant-numeric: tabular-nums; } th, td { padding: .35rem .5rem; font-size: .92rem; text-align: right; white-space: nowrap; }
  th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child { text-align: left; } tr + tr { border-top: 1px solid color-mix(in srgb, var(--soft) 30%, transparent); } .best { color: var(--good); font-weight: 600; }
</style>
<h1>The same ${seconds} seconds of faults</h1>
<p>A pipeline on real sockets, once for each contestant, disturbed by a proxy. Each tick is one step of one page; the line after it, how long it took to be saved or given up.
Trained for ${training.seconds.toFixed(1)} s on ${training.steps.toLocaleString("en-US")} simulated decisions. Seed ${seed}.${absent ? ` ${absent}.` : ""}</p>
${picture(demonstration)}
<div class="scroll">${scores(contestants)}</div>
</html>
`;
}

function picture({ faults, seconds, contestants }: Demonstration): string {
  const x = (second: number) => (margin + (second / seconds) * (width - margin - 10)).toFixed(1);
  const height = bandHeight + contestants.length * laneHeight + 30;
  const bands = faults.map(({ kind, from, to, places }, i) => {
    const shared = places.length > 1 ? " shared" : "";
    const span = Number(x(to)) - Number(x(from));
    const room = Number(x(faults[i + 1]?.from ?? seconds)) - Number(x(from));
    const name = room > kind.length * 6 ? `<text x="${x(from)}" y="14" class="soft">${kind}</text>` : "";
    return `<rect class="fault${shared}" x="${x(from)}" width="${span.toFixed(1)}" y="${bandHeight}" height="${height - bandHeight - 30}"><title>${kind}: ${places.join(", ")}</title></rect>${name}`;
  });
  const lanes = contestants.map(({ name, results }, lane) => {
    const middle = bandHeight + (lane + 0.5) * laneHeight;
    const ticks = results.map((result) => {
      const mark = markOf(result);
      const [begin, end] = [x(result.begin / 1000), x(Math.min(seconds, result.end / 1000))];
      const half = mark === "untroubled" ? 6 : 15;
      const place = result.step === "extract" ? -3 : 3;
      const wait =
        mark === "untroubled" ? "" : `<path class="wait ${mark}" d="M${begin} ${middle + place * 5}H${end}"/>`;
      return `<path class="${mark}" d="M${begin} ${middle + place - half}v${half * 2 - Math.abs(place)}"/>${wait}`;
    });
    return `<text x="0" y="${middle + 4}">${name}</text>${ticks.join("")}`;
  });
  const axis = Array.from({ length: Math.ceil(seconds) }, (_, second) => second)
    .filter((second) => second % (seconds > 12 ? 2 : 1) === 0)
    .map((second) => `<text class="soft" x="${x(second)}" y="${height - 8}">${second} s</text>`);
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Faults, and what became of each step">${bands.join("")}${lanes.join("")}${axis.join("")}</svg>`;
}

function scores(contestants: readonly Performance[]): string {
  const heads = scoreColumns.map(({ name }) => `<th>${name}</th>`).join("");
  const rows = contestants.map(({ title, score }) => {
    const cells = scoreColumns.map((column) => {
      const best = isBest(column, score, contestants) ? ' class="best"' : "";
      return `<td${best}>${column.show(score)}</td>`;
    });
    return `<tr><td>${title}</td>${cells.join("")}</tr>`;
  });
  return `<table><tr><th></th>${heads}</tr>${rows.join("")}</table>`;
}
