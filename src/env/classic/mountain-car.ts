import { cos } from "../../math/transcendental.ts";
import type { Dynamics } from "../dynamics.ts";
import { box, type Discrete, discrete } from "../space.ts";
import { drawMountain, leftEnd, rightEnd, speedLimit } from "./mountain.ts";

const force = 0.001;
const gravity = 0.0025;
const goal = 0.5;

/** A car too weak for its hill, which must swing to reach the flag. Moore 1990. State: position, velocity. */
export const mountainCar: Dynamics<Discrete> = {
  id: "MountainCar-v0",
  maxEpisodeSteps: 200,
  observationSpace: box({ low: [leftEnd, -speedLimit], high: [rightEnd, speedLimit] }),
  actionSpace: discrete(3),
  stateSize: 2,

  start(state, at, random) {
    state[at] = random.uniform() * 0.2 - 0.6;
    state[at + 1] = 0;
  },

  advance(state, at, actions, actionAt) {
    const pull = (actions[actionAt] - 1) * force - gravity * cos(3 * state[at]);
    const velocity = Math.min(Math.max(state[at + 1] + pull, -speedLimit), speedLimit);
    const position = Math.min(Math.max(state[at] + velocity, leftEnd), rightEnd);
    state[at] = position;
    state[at + 1] = position === leftEnd && velocity < 0 ? 0 : velocity;
    return -1;
  },

  isTerminal(state, at) {
    return state[at] >= goal && state[at + 1] >= 0;
  },

  observe(state, at, out, outAt) {
    out[outAt] = state[at];
    out[outAt + 1] = state[at + 1];
  },

  draw([position], action) {
    return drawMountain(position, goal, action === null ? 0 : action - 1);
  },
};
