import { createScale, createTightScale } from "../../run/report/scale.ts";
import { escaped, short } from "../../run/report/text.ts";
import type { Estimate } from "../simulation/estimate.ts";

/** A stacked bar: parts above zero to the right, parts below it to the left. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly value: number }[];
  /** Their sum, which is marked with its interval. */
  readonly total: Estimate;
}

const ROW = 58;
const MARGIN = { top: 8, right: 24, bottom: 32, left: 96 };

/** Horizontal bars one below the other. A part has the class of its name; colours come from the page. */
export function stackedBars(name: string, bars: readonly Bar[], width: number): string {
  const sum = (bar: Bar, sign: 1 | -1) =>
    bar.parts.reduce((total, { value }) => total + (Math.sign(value) === sign ? value : 0), 0);
  const low = bars.reduce((least, bar) => Math.min(least, sum(bar, -1), spanOf(bar.total)[0]), 0);
  const high = bars.reduce((most, bar) => Math.max(most, sum(bar, 1), spanOf(bar.total)[1]), 0);
  const height = MARGIN.top + ROW * bars.length + MARGIN.bottom;
  const bottom = height - MARGIN.bottom;
  const x = createScale(low, high, MARGIN.left, width - MARGIN.right, 8);
  const ticks = x.ticks.map(
    (tick) =>
      `<path class="${tick === 0 ? "zero" : "grid"}" d="M${tenth(x.place(tick))} ${MARGIN.top}V${bottom}"/>` +
      `<text class="tick" x="${tenth(x.place(tick))}" y="${height - 8}" text-anchor="middle">${short(tick)}</text>`,
  );
  const drawn = bars.map((bar, row) => drawBar(bar, MARGIN.top + row * ROW, x.place));
  return svg(name, width, height, [...ticks, ...drawn]);
}

/** One episode alone has an interval without bounds, which no paper holds. */
function spanOf({ mean, ci95: [low, high] }: Estimate): [low: number, high: number] {
  return Number.isFinite(high - low) ? [low, high] : [mean, mean];
}

function drawBar({ label, parts, total }: Bar, top: number, place: (value: number) => number): string {
  const ends = { left: 0, right: 0 };
  const pieces = parts.flatMap(({ name, value }) => {
    if (value === 0) return [];
    const from = value > 0 ? ends.right : ends.left;
    if (value > 0) ends.right += value;
    else ends.left += value;
    const [left, right] = [place(Math.min(from, from + value)), place(Math.max(from, from + value))];
    return `<rect class="${escaped(name)}" x="${tenth(left)}" y="${top + 10}" width="${tenth(Math.max(0.5, right - left))}" height="26"><title>${escaped(`${label}: ${name} ${short(value)}`)}</title></rect>`;
  });
  const [middle, low, high] = [total.mean, ...spanOf(total)].map((value) => tenth(place(value)));
  const mark =
    `<path class="total" d="M${middle} ${top + 5}V${top + 41}"/><path class="span" d="M${low} ${top + 44}H${high}"/>` +
    `<text class="value" x="${middle}" y="${top + 57}" text-anchor="middle">${total.mean.toFixed(3).replace("-", "−")}</text>`;
  return `<g><text class="label" x="${MARGIN.left - 12}" y="${top + 27}" text-anchor="end">${escaped(label)}</text>${pieces.join("")}${mark}</g>`;
}

/** A stretch of the x axis and what is stacked on it. */
export interface Column {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly parts: readonly { readonly name: string; readonly value: number }[];
}

export interface Columns {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Below the axis, at their places. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Upright lines with a word at their head. */
  readonly marks: readonly { readonly at: number; readonly text: string; readonly title: string }[];
  readonly width: number;
  readonly height: number;
}

/** Upright stacked columns over stretches of time. */
export function stackedColumns({ name, columns, ticks, marks, width, height }: Columns): string {
  const [top, bottom, left, right] = [26, height - 24, 46, width - 12];
  const sums = columns.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const x = createTightScale(columns[0].from, columns[columns.length - 1].to, left, right, 6);
  const y = createScale(
    0,
    sums.reduce((a, b) => Math.max(a, b), 1),
    bottom,
    top,
    4,
  );
  const lines = y.ticks.map(
    (tick) =>
      `<path class="grid" d="M${left} ${tenth(y.place(tick))}H${right}"/>` +
      `<text class="tick" x="${left - 8}" y="${tenth(y.place(tick) + 3.5)}" text-anchor="end">${short(tick)}</text>`,
  );
  const drawn = columns.map(({ from, to, title, parts }) => {
    let height = 0;
    const [start, end] = [x.place(from), x.place(to)];
    const pieces = parts.flatMap(({ name: part, value }) => {
      if (value === 0) return [];
      const base = y.place(height);
      height += value;
      const place = `x="${tenth(start + 0.6)}" y="${tenth(y.place(height))}" width="${tenth(Math.max(0.5, end - start - 1.2))}" height="${tenth(base - y.place(height))}"`;
      return `<rect class="${escaped(part)}" ${place}/>`;
    });
    return `<g><title>${escaped(title)}</title>${pieces.join("")}</g>`;
  });
  const words = ticks.map(({ at, text }) => {
    const place = x.place(at);
    const anchor = place > right - 40 ? "end" : place < left + 20 ? "start" : "middle";
    return `<text class="tick" x="${tenth(place)}" y="${height - 6}" text-anchor="${anchor}">${escaped(text)}</text>`;
  });
  const moves = marks.map(({ at, text, title }, i) => {
    const place = tenth(x.place(at));
    const anchor = place > right - 70 ? "end" : "start";
    return `<g><title>${escaped(title)}</title><path class="move" d="M${place} ${top - 6}V${bottom}"/><text class="move-label" x="${place + (anchor === "end" ? -4 : 4)}" y="${10 + (i % 2) * 11}" text-anchor="${anchor}">${escaped(text)}</text></g>`;
  });
  return svg(name, width, height, [...lines, ...drawn, ...words, ...moves]);
}

function svg(name: string, width: number, height: number, parts: readonly string[]): string {
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(name)}">${parts.join("")}</svg>`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
