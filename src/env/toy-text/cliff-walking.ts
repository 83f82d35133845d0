import { ink, svg } from "../svg.ts";
import { type TabularEnv, tabularEnv } from "../tabular-env.ts";
import { type TransitionTable, tabulate, uniformStart } from "../transition-table.ts";
import { drawFlag, drawWalker, grid, gridDrawing, type Move } from "./grid.ts";

export interface CliffWalkingOptions {
  /** Whether a step goes to either side of where it was meant to go as often as there. */
  readonly slippery?: boolean;
  readonly maxEpisodeSteps?: number;
}

/** Up, right, down, left. */
const moves: readonly Move[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

const land = grid(4, 12);
const start = 36;
const goal = 47;
const isCliff = (cell: number) => cell > start && cell < goal;

/**
 * Along the cliff to the goal: −1 a step, −100 and back to the start for a fall.
 * Sutton and Barto 2018, http://incompleteideas.net/book/the-book-2nd.html, example 6.6.
 */
export function cliffWalking({ slippery = false, maxEpisodeSteps = Infinity }: CliffWalkingOptions = {}): TabularEnv {
  return tabularEnv(table(slippery), { id: "CliffWalking-v1", maxEpisodeSteps, draw });
}

function table(slippery: boolean): TransitionTable {
  const P = tabulate(land.cells, moves.length, (state, action) => {
    const taken = slippery ? [action + 3, action, action + 1] : [action];
    return taken.map((direction) => {
      const probability = 1 / taken.length;
      const next = land.walk(state, moves[direction % 4]);
      if (isCliff(next)) return { probability, next: start, reward: -100, terminated: false };
      return { probability, next, reward: -1, terminated: next === goal };
    });
  });
  return { P, start: uniformStart(land.cells, (cell) => cell === start) };
}

function draw(state: number, action: number | null): string {
  const { x, y, side, left, top, ground } = gridDrawing(land);
  const edge = left + side;
  const abyss = `<path d="M${edge} ${top + 3 * side}h${10 * side}v${side}h${-10 * side}z" fill="${ink.body}"/>`;
  const walker = drawWalker(x(state), y(state), side, action === null ? null : moves[action]);
  return svg(ground + abyss + drawFlag(x(goal), y(goal), side) + walker);
}
