import { ink, tenth } from "../svg.ts";

/** A step down and to the right. */
export type Move = readonly [row: number, column: number];

/** Cells in rows and columns, numbered row by row. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly cells: number;
  /** The cell that a move leads to; the wall holds. */
  walk(cell: number, move: Move): number;
}

export function grid(rows: number, columns: number): Grid {
  const held = (place: number, end: number) => Math.min(Math.max(place, 0), end - 1);
  return {
    rows,
    columns,
    cells: rows * columns,
    walk(cell, [down, right]) {
      const row = held(Math.floor(cell / columns) + down, rows);
      return row * columns + held((cell % columns) + right, columns);
    },
  };
}

/** A grid in the middle of a drawing: the side of a cell, the middle of each, and the lines between them. */
export function gridDrawing({ rows, columns }: Grid) {
  const side = Math.floor(Math.min(360 / rows, 560 / columns));
  const left = 300 - (side * columns) / 2;
  const top = 200 - (side * rows) / 2;
  const across = Array.from({ length: rows - 1 }, (_, i) => `M${left} ${top + (i + 1) * side}h${side * columns}`);
  const down = Array.from({ length: columns - 1 }, (_, i) => `M${left + (i + 1) * side} ${top}v${side * rows}`);
  return {
    side,
    left,
    top,
    x: (cell: number) => tenth(left + ((cell % columns) + 0.5) * side),
    y: (cell: number) => tenth(top + (Math.floor(cell / columns) + 0.5) * side),
    ground:
      `<rect x="${left}" y="${top}" width="${side * columns}" height="${side * rows}" rx="6" fill="${ink.ground}"/>` +
      `<path d="${across.join("")}${down.join("")}" stroke="${ink.sky}" stroke-width="2"/>`,
  };
}

/** A flag on its pole, in a cell around x, y. */
export function drawFlag(x: number, y: number, side: number): string {
  const [pole, cloth] = [tenth(side * 0.6), tenth(side * 0.17)];
  const foot = `M${tenth(x - side * 0.15)} ${tenth(y + side * 0.3)}`;
  return (
    `<path d="${foot}v${-pole}" stroke="${ink.dark}" stroke-width="3"/>` +
    `<path d="${foot}m0 ${-pole}l${2 * cloth} ${cloth}l${-2 * cloth} ${cloth}z" fill="${ink.goal}"/>`
  );
}

/** A walker at x, y, with a wedge on the side that it tried to go to. */
export function drawWalker(x: number, y: number, side: number, move: Move | null): string {
  const radius = tenth(side * 0.24);
  const body = `<circle cx="${x}" cy="${y}" r="${radius}" fill="${ink.accent}"/>`;
  if (!move) return body;
  const [down, right] = move;
  const [tip, wing, base] = [radius * 1.65, radius * 0.5, radius * 1.15].map(tenth);
  const point = (ahead: number, aside: number) =>
    `${tenth(x + right * ahead - down * aside)} ${tenth(y + down * ahead + right * aside)}`;
  return `${body}<path d="M${point(tip, 0)}L${point(base, wing)}L${point(base, -wing)}z" fill="${ink.accent}"/>`;
}
