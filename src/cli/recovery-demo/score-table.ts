import { type Style, visibleWidth } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import type { Performance } from "./demonstrate.ts";
import type { Score } from "./measure.ts";

interface Column {
  readonly name: string;
  show(score: Score): string;
  /** Which is best; null where there is none. */
  readonly best: "most" | "least" | null;
  value(score: Score): number;
}

/** What is told of each contestant, on the terminal and on the page. */
export const scoreColumns: readonly Column[] = [
  column("troubled", (score) => score.troubled, 0, null),
  column("saved", (score) => score.saved, 0, null),
  column("given up", (score) => score.escalated, 0, "least"),
  column("s, median", (score) => score.medianSeconds, 2, null),
  column("s, 95 %", (score) => score.p95Seconds, 2, null),
  column("calls into faults", (score) => score.callsIntoFaults, 0, null),
  column("wasted retries", (score) => score.wastedRetries, 0, null),
  column("cost", (score) => score.cost, 2, null),
  column("doubled", (score) => score.doubleEffects, 0, "least"),
  column("return", (score) => score.return, 3, "most"),
];

/** What goes first where there is too little room. */
const dispensable = ["cost", "wasted retries", "calls into faults", "s, median", "troubled"];

/** As many columns as there is room for. */
export function scoreTable(performances: readonly Performance[], room: number, style: Style): string {
  for (let dropped = 0; ; dropped++) {
    const gone = dispensable.slice(0, dropped);
    const shown = scoreColumns.filter(({ name }) => !gone.includes(name));
    const text = tableOf(performances, shown, dropped === 0, style);
    if (dropped === dispensable.length || visibleWidth(text.slice(0, text.indexOf("\n"))) <= room) return text;
  }
}

function tableOf(
  performances: readonly Performance[],
  columns: readonly Column[],
  inFull: boolean,
  { bold, dim, good, bad }: Style,
): string {
  const heads = ["", ...columns.map(({ name }) => name)].map(dim);
  const rows = performances.map(({ name, title, score }) => [
    bold(inFull ? title : name),
    ...columns.map((each) => {
      const text = each.show(score);
      if (each.name === "doubled" && score.doubleEffects > 0) return bad(text);
      return isBest(each, score, performances) ? good(text) : text;
    }),
  ]);
  return table([heads, ...rows]);
}

export function isBest({ best, value }: Column, score: Score, performances: readonly Performance[]): boolean {
  if (best === null) return false;
  const values = performances.map((performance) => value(performance.score));
  if (values.every((each) => each === values[0])) return false;
  return value(score) === (best === "most" ? Math.max(...values) : Math.min(...values));
}

function column(name: string, value: (score: Score) => number, digits: number, best: Column["best"]): Column {
  return { name, value, best, show: (score) => value(score).toFixed(digits).replace("-", "−") };
}
