import { ink, svg, tenth } from "../svg.ts";
import { type TabularEnv, tabularEnv } from "../tabular-env.ts";
import { type TransitionTable, tabulate, uniformStart } from "../transition-table.ts";
import { drawFlag, grid, gridDrawing, type Move } from "./grid.ts";

export interface TaxiOptions {
  readonly maxEpisodeSteps?: number;
}

/** South, north, east, west; then pick up and drop off. */
const moves: readonly Move[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];
const pickUp = 4;
const actions = 6;

const town = grid(5, 5);
/** Cells with a wall to their east. */
const walls = [1, 6, 15, 17, 20, 22];
/** The cells of the four ranks: red, green, yellow, blue. */
const ranks = [0, 4, 20, 23];
const aboard = ranks.length;
const states = town.cells * (ranks.length + 1) * ranks.length;

/** Where the taxi is, which rank the passenger waits at or that it rides, and which rank it wants to. */
interface Ride {
  readonly cell: number;
  readonly passenger: number;
  readonly destination: number;
}

/**
 * Fetch a passenger from one of four ranks and bring it to another: −1 a step, −10 where there is nobody to fetch or to
 * drop off, 20 on arrival. Dietterich 2000, https://arxiv.org/abs/cs/9905014, in Gymnasium's form without rain.
 */
export function taxi({ maxEpisodeSteps = Infinity }: TaxiOptions = {}): TabularEnv {
  return tabularEnv(table(), { id: "Taxi-v4", maxEpisodeSteps, actionMasks: actionMasks(), draw });
}

function encode({ cell, passenger, destination }: Ride): number {
  return (cell * (aboard + 1) + passenger) * ranks.length + destination;
}

function decode(state: number): Ride {
  const place = Math.floor(state / ranks.length);
  return {
    cell: Math.floor(place / (aboard + 1)),
    passenger: place % (aboard + 1),
    destination: state % ranks.length,
  };
}

function drive(cell: number, action: number): number {
  const next = town.walk(cell, moves[action]);
  return Math.abs(next - cell) === 1 && walls.includes(Math.min(next, cell)) ? cell : next;
}

function follow(ride: Ride, action: number): { next: Ride; reward: number; terminated: boolean } {
  const { cell, passenger, destination } = ride;
  if (action < pickUp) return { next: { ...ride, cell: drive(cell, action) }, reward: -1, terminated: false };
  const rank = ranks.indexOf(cell);
  const mayPickUp = rank >= 0 && passenger === rank;
  const mayDropOff = rank >= 0 && passenger === aboard;
  if (action === pickUp ? !mayPickUp : !mayDropOff) return { next: ride, reward: -10, terminated: false };
  if (action === pickUp) return { next: { ...ride, passenger: aboard }, reward: -1, terminated: false };
  const hasArrived = rank === destination;
  return { next: { ...ride, passenger: rank }, reward: hasArrived ? 20 : -1, terminated: hasArrived };
}

function table(): TransitionTable {
  const P = tabulate(states, actions, (state, action) => {
    const { next, reward, terminated } = follow(decode(state), action);
    return [{ probability: 1, next: encode(next), reward, terminated }];
  });
  const isStart = ({ passenger, destination }: Ride) => passenger !== aboard && passenger !== destination;
  return { P, start: uniformStart(states, (state) => isStart(decode(state))) };
}

/** An action that would change nothing is masked. */
function actionMasks(): Uint8Array {
  const masks = new Uint8Array(states * actions);
  for (let i = 0; i < masks.length; i++) {
    const state = Math.floor(i / actions);
    const { next, terminated } = follow(decode(state), i % actions);
    masks[i] = terminated || encode(next) !== state ? 1 : 0;
  }
  return masks;
}

function draw(state: number): string {
  const { x, y, side, top, ground } = gridDrawing(town);
  const { cell, passenger, destination } = decode(state);
  const east = (wall: number) => `M${x(wall) + side / 2} ${tenth(top + Math.floor(wall / 5) * side)}v${side}`;
  const stand = (rank: number) => `M${x(rank) - 26} ${y(rank) - 26}h52v52h-52z`;
  const isAboard = passenger === aboard;
  const [px, py] = isAboard ? [x(cell), y(cell) - 9] : [x(ranks[passenger]), y(ranks[passenger])];
  return svg(
    `${ground}<path d="${ranks.map(stand).join("")}" fill="none" stroke="${ink.line}" stroke-width="3"/>` +
      `<path d="${walls.map(east).join("")}" stroke="${ink.dark}" stroke-width="5" stroke-linecap="round"/>` +
      drawFlag(x(ranks[destination]) + 8, y(ranks[destination]), side) +
      `<path d="M${x(cell) - 25} ${y(cell) + 10}v-10q0 -5 5 -5h6l6 -10h18l6 10h4q5 0 5 5v10z" fill="${ink.accent}"/>` +
      `<path d="M${x(cell) - 13} ${y(cell) + 11}h0M${x(cell) + 13} ${y(cell) + 11}h0M" stroke="${ink.dark}" stroke-width="13" stroke-linecap="round"/>` +
      `<circle cx="${px}" cy="${py}" r="${isAboard ? 6 : 10}" fill="${ink.body}"/>`,
  );
}
