import { cos } from "../../math/transcendental.ts";
import type { Dynamics } from "../dynamics.ts";
import { type Box, box } from "../space.ts";
import { drawMountain, leftEnd, rightEnd, speedLimit } from "./mountain.ts";

const power = 0.0015;
const gravity = 0.0025;
const goal = 0.45;

/** The mountain car with a throttle; fuel costs. State: position, velocity, rounded to singles after each step. */
export const mountainCarContinuous: Dynamics<Box> = {
  id: "MountainCarContinuous-v0",
  maxEpisodeSteps: 999,
  observationSpace: box({ low: [leftEnd, -speedLimit], high: [rightEnd, speedLimit] }),
  actionSpace: box({ low: -1, high: 1, shape: [1] }),
  stateSize: 2,

  start(state, at, random) {
    state[at] = random.uniform() * 0.2 - 0.6;
    state[at + 1] = 0;
  },

  advance(state, at, actions, actionAt) {
    const action = actions[actionAt];
    const force = Math.min(Math.max(action, -1), 1);
    const pull = force * power - gravity * cos(3 * state[at]);
    const velocity = Math.min(Math.max(state[at + 1] + pull, -speedLimit), speedLimit);
    const position = Math.min(Math.max(state[at] + velocity, leftEnd), rightEnd);
    state[at] = Math.fround(position);
    state[at + 1] = position === leftEnd && velocity < 0 ? 0 : Math.fround(velocity);
    // The price is that of the action as given, not as clipped.
    return (isAtGoal(state, at) ? 100 : 0) - 0.1 * action * action;
  },

  isTerminal: isAtGoal,

  observe(state, at, out, outAt) {
    out[outAt] = state[at];
    out[outAt + 1] = state[at + 1];
  },

  draw([position], action) {
    return drawMountain(position, goal, Math.min(Math.max(action ?? 0, -1), 1));
  },
};

function isAtGoal(state: Float64Array, at: number): boolean {
  return state[at] >= goal && state[at + 1] >= 0;
}
