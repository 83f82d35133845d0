import { ink, svg } from "../svg.ts";
import { type TabularEnv, tabularEnv } from "../tabular-env.ts";
import { type TransitionTable, tabulate, uniformStart } from "../transition-table.ts";
import { drawFlag, drawWalker, type Grid, grid, gridDrawing, type Move } from "./grid.ts";

/** The maps by name: start, frozen, hole, goal. */
const maps = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
} as const;

export interface FrozenLakeOptions {
  /** A map by name, or rows of S (start), F (frozen), H (hole) and G (goal). */
  readonly map?: keyof typeof maps | readonly string[];
  /** Whether a step goes to either side of where it was meant to go as often as there. */
  readonly slippery?: boolean;
  readonly maxEpisodeSteps?: number;
}

/** Left, down, right, up. */
const moves: readonly Move[] = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];

/** Over the ice to the goal, past the holes: 1 for arriving, 0 for all else. */
export function frozenLake(options: FrozenLakeOptions = {}): TabularEnv {
  const { map = "4x4", slippery = true, maxEpisodeSteps = Infinity } = options;
  const rows = typeof map === "string" ? namedMap(map) : checkedMap(map);
  const lake = grid(rows.length, rows[0].length);
  const letters = rows.join("");
  return tabularEnv(table(lake, letters, slippery), {
    id: map === "8x8" ? "FrozenLake8x8-v1" : "FrozenLake-v1",
    maxEpisodeSteps,
    draw: (state, action) => draw(lake, letters, state, action),
  });
}

function table(lake: Grid, letters: string, slippery: boolean): TransitionTable {
  const isEnd = (cell: number) => letters[cell] === "H" || letters[cell] === "G";
  const P = tabulate(lake.cells, moves.length, (state, action) => {
    if (isEnd(state)) return [{ probability: 1, next: state, reward: 0, terminated: true }];
    const taken = slippery ? [action + 3, action, action + 1] : [action];
    return taken.map((direction) => {
      const next = lake.walk(state, moves[direction % 4]);
      const reward = letters[next] === "G" ? 1 : 0;
      return { probability: 1 / taken.length, next, reward, terminated: isEnd(next) };
    });
  });
  return { P, start: uniformStart(lake.cells, (cell) => letters[cell] === "S") };
}

function namedMap(name: keyof typeof maps): readonly string[] {
  if (Object.hasOwn(maps, name)) return maps[name];
  const names = Object.keys(maps).join(", ");
  throw new RangeError(`frozenLake: map must be one of ${names}, or rows of cells, got ${JSON.stringify(name)}.`);
}

function checkedMap(rows: readonly string[]): readonly string[] {
  const isWhole = rows.length > 0 && rows.every((row) => /^[SFHG]+$/.test(row) && row.length === rows[0].length);
  if (isWhole && rows.join("").includes("S")) return rows;
  const wanted = "rows of one length, of the letters S, F, H and G, with an S";
  throw new RangeError(`frozenLake: map must be ${wanted}, got ${JSON.stringify(rows)}.`);
}

function draw(lake: Grid, letters: string, state: number, action: number | null): string {
  const { x, y, side, ground } = gridDrawing(lake);
  const at = (letter: string) => [...letters.matchAll(RegExp(letter, "g"))].map(({ index }) => index);
  const holes = at("H").map((cell) => `M${x(cell)} ${y(cell)}h0`);
  return svg(
    `${ground}<path d="${holes.join("")}" stroke="${ink.body}" stroke-width="${side * 0.7}" stroke-linecap="round"/>` +
      at("G")
        .map((cell) => drawFlag(x(cell), y(cell), side))
        .join("") +
      drawWalker(x(state), y(state), side, action === null ? null : moves[action]),
  );
}
