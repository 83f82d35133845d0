import { createScale, createTightScale, type Scale } from "./scale.ts";
import { count, escaped, short } from "./text.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point with how far it may be off. */
export interface Interval extends Point {
  readonly low: number;
  readonly high: number;
}

export interface Chart {
  /** For those who cannot see it, and for the hover. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The x axis goes from 0 to here. */
  readonly end: number;
  readonly line: readonly Point[];
  readonly band?: readonly Interval[];
  readonly marks?: readonly Interval[];
  /** Always shown on the y axis. */
  readonly include?: readonly number[];
}

const MARGIN = { top: 10, right: 12, bottom: 24, left: 46 };

/** A chart of something over environment steps, as one SVG; colours come from the page. */
export function chart({ name, width, height, end, line, band = [], marks = [], include = [] }: Chart): string {
  const values = [
    ...line.map(({ y }) => y),
    ...[...band, ...marks].flatMap(({ low, high }) => [low, high]),
    ...include,
  ];
  if (values.length === 0) return "";
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const x = createTightScale(0, end, MARGIN.left, width - MARGIN.right, width / 90);
  const y = createScale(low, high, height - MARGIN.bottom, MARGIN.top, height / 55);
  const at = (point: Point) => `${tenth(x.place(point.x))} ${tenth(y.place(point.y))}`;
  const parts = [
    ...y.ticks.map((tick) => horizontal(tick, y, width)),
    ...x.ticks.map((tick) => below(tick, x, height, end)),
    area(band, x, y),
    line.length > 1 ? `<path class="line" d="M${line.map(at).join("L")}"/>` : "",
    ...(line.length === 1
      ? [`<circle class="dot" r="3" cx="${tenth(x.place(line[0].x))}" cy="${tenth(y.place(line[0].y))}"/>`]
      : []),
    ...marks.map((mark) => whisker(mark, x, y)),
    ...hovers(name, line, x, height),
  ];
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(name)}">${parts.join("")}</svg>`;
}

function horizontal(tick: number, y: Scale, width: number): string {
  const place = tenth(y.place(tick));
  return (
    `<path class="grid" d="M${MARGIN.left} ${place}H${width - MARGIN.right}"/>` +
    `<text class="tick" x="${MARGIN.left - 8}" y="${place + 3.5}" text-anchor="end">${short(tick)}</text>`
  );
}

function below(tick: number, x: Scale, height: number, end: number): string {
  const place = tenth(x.place(tick));
  const anchor = tick > 0.97 * end ? "end" : "middle";
  return `<text class="tick" x="${place}" y="${height - 6}" text-anchor="${anchor}">${short(tick)}</text>`;
}

function area(band: readonly Interval[], x: Scale, y: Scale): string {
  if (band.length < 2) return "";
  const upper = band.map((point) => `${tenth(x.place(point.x))} ${tenth(y.place(point.high))}`);
  const lower = band.map((point) => `${tenth(x.place(point.x))} ${tenth(y.place(point.low))}`).reverse();
  return `<path class="band" d="M${[...upper, ...lower].join("L")}Z"/>`;
}

function whisker({ x: steps, y: middle, low, high }: Interval, x: Scale, y: Scale): string {
  const [left, top, bottom] = [tenth(x.place(steps)), tenth(y.place(high)), tenth(y.place(low))];
  const told = `evaluation at ${count(steps)} steps: ${short(middle)} [${short(low)}, ${short(high)}]`;
  return (
    `<g class="mark"><title>${told}</title><path d="M${left} ${top}V${bottom}"/>` +
    `<circle r="3.5" cx="${left}" cy="${tenth(y.place(middle))}"/></g>`
  );
}

/** Invisible columns that tell the value under the pointer. */
function hovers(name: string, line: readonly Point[], x: Scale, height: number): string[] {
  return line.map(({ x: steps, y: value }, i) => {
    const left = i > 0 ? x.place((line[i - 1].x + steps) / 2) : x.place(steps);
    const right = i + 1 < line.length ? x.place((line[i + 1].x + steps) / 2) : x.place(steps);
    const told = `${escaped(name)} ${short(value)} at ${count(steps)} steps`;
    return `<rect class="hover" x="${tenth(left)}" y="0" width="${tenth(Math.max(1, right - left))}" height="${height}"><title>${told}</title></rect>`;
  });
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
