import type { Style } from "../terminal/style.ts";
import type { Demonstration } from "./demonstrate.ts";
import type { StepResult } from "./pipeline.ts";
import type { Fault } from "./schedule.ts";

/** What became of what began in one column's time. */
type Mark = "none" | "untroubled" | "saved" | "lost";

const shapes: Record<Mark, string> = { none: " ", untroubled: "─", saved: "◆", lost: "✗" };

/** Faults as bands, and under them for each contestant what became of what began at that moment. */
export function timeline({ faults, seconds, contestants }: Demonstration, columns: number, style: Style): string {
  const margin = Math.max(...contestants.map(({ name }) => name.length)) + 4;
  const width = Math.max(20, Math.min(120, columns - margin - 2));
  const lines = [
    label("faults", margin) + bandNames(faults, seconds, width, style),
    label("", margin) + bands(faults, seconds, width, style),
    ...contestants.map(({ name, results }) => label(name, margin) + strip(results, seconds, width, style)),
    label("", margin) + axis(seconds, width, style),
    "",
    label("", margin) + legend(style),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function label(text: string, margin: number): string {
  return `  ${text}`.padEnd(margin);
}

/** Names where there is room for them, the beginning of them where there is less. */
function bandNames(faults: readonly Fault[], seconds: number, width: number, { caution }: Style): string {
  let line = "";
  let used = 0;
  faults.forEach(({ kind, from }, i) => {
    const start = columnOf(from, seconds, width);
    const end = i + 1 < faults.length ? columnOf(faults[i + 1].from, seconds, width) : width;
    if (start < used || end - start < 3) return;
    const name = kind.slice(0, end - start - 1);
    line += " ".repeat(start - used) + caution(name);
    used = start + name.length;
  });
  return line;
}

function bands(faults: readonly Fault[], seconds: number, width: number, { bad, caution, dim }: Style): string {
  return Array.from({ length: width }, (_, column) => {
    const fault = faults.find(
      ({ from, to }) => column >= columnOf(from, seconds, width) && column <= columnOf(to, seconds, width),
    );
    if (!fault) return dim("·");
    return fault.places.length > 1 ? bad("█") : caution("▓");
  }).join("");
}

function strip(results: readonly StepResult[], seconds: number, width: number, style: Style): string {
  const marks = Array.from({ length: width }, (): Mark => "none");
  for (const result of results) {
    const column = Math.min(width - 1, columnOf(result.begin / 1000, seconds, width));
    marks[column] = worse(marks[column], markOf(result));
  }
  const paint: Record<Mark, (text: string) => string> = {
    none: style.dim,
    untroubled: style.good,
    saved: style.accent,
    lost: style.bad,
  };
  let last: Mark = "none"; // shown until something else begins
  return marks
    .map((mark) => {
      if (mark !== "none") last = mark;
      return paint[last](shapes[last]);
    })
    .join("");
}

export function markOf({ ok, meter }: StepResult): Exclude<Mark, "none"> {
  if (!ok) return "lost";
  return meter.troubledAt === null ? "untroubled" : "saved";
}

function worse(a: Mark, b: Mark): Mark {
  const order: readonly Mark[] = ["none", "untroubled", "saved", "lost"];
  return order[Math.max(order.indexOf(a), order.indexOf(b))];
}

function axis(seconds: number, width: number, { dim }: Style): string {
  const every = [1, 2, 5, 10].find((step) => (step / seconds) * width >= 6) ?? 20;
  let line = "";
  for (let second = 0; second <= seconds; second += every) {
    line = `${line.padEnd(columnOf(second, seconds, width))}${second} s`;
  }
  return dim(line);
}

function legend({ good, accent, bad, caution }: Style): string {
  return [
    `${good(shapes.untroubled)} no trouble`,
    `${accent(shapes.saved)} saved`,
    `${bad(shapes.lost)} given up`,
    `${caution("▓")} fault of one place`,
    `${bad("█")} of several`,
  ].join("   ");
}

function columnOf(second: number, seconds: number, width: number): number {
  return Math.floor((second / seconds) * width);
}
