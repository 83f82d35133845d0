import { cos, sin } from "../../math/transcendental.ts";
import type { Dynamics } from "../dynamics.ts";
import { box, type Discrete, discrete } from "../space.ts";
import { ink, svg, tenth } from "../svg.ts";

const gravity = 9.8;
const timeStep = 0.2;
const speedLimit1 = 4 * Math.PI;
const speedLimit2 = 9 * Math.PI;

/** The four slopes of a Runge–Kutta step, [4, 4]; row k starts at 4 k. */
const slopes = new Float64Array(16);

/**
 * Two links, a motor in the joint between them: swing the free end above the line.
 * Sutton and Barto 1998, section 11.3, all masses, lengths and inertias 1.
 * State: the first link's angle from hanging, the second's from the first, and their velocities.
 */
export const acrobot: Dynamics<Discrete> = {
  id: "Acrobot-v1",
  maxEpisodeSteps: 500,
  observationSpace: box({
    low: [-1, -1, -1, -1, -speedLimit1, -speedLimit2],
    high: [1, 1, 1, 1, speedLimit1, speedLimit2],
  }),
  actionSpace: discrete(3),
  stateSize: 4,

  start(state, at, random) {
    for (let i = 0; i < 4; i++) state[at + i] = Math.fround(random.uniform() * 0.2 - 0.1);
  },

  advance(state, at, actions, actionAt) {
    const torque = actions[actionAt] - 1;
    slopes.fill(0);
    slope(state, at, torque, 0, 0);
    slope(state, at, torque, 1, timeStep / 2);
    slope(state, at, torque, 2, timeStep / 2);
    slope(state, at, torque, 3, timeStep);
    for (let i = 0; i < 4; i++) {
      state[at + i] += (timeStep / 6) * (slopes[i] + 2 * slopes[4 + i] + 2 * slopes[8 + i] + slopes[12 + i]);
    }
    state[at] = wrap(state[at]);
    state[at + 1] = wrap(state[at + 1]);
    state[at + 2] = clamp(state[at + 2], speedLimit1);
    state[at + 3] = clamp(state[at + 3], speedLimit2);
    return isAboveLine(state, at) ? 0 : -1;
  },

  isTerminal: isAboveLine,

  observe(state, at, out, outAt) {
    out[outAt] = cos(state[at]);
    out[outAt + 1] = sin(state[at]);
    out[outAt + 2] = cos(state[at + 1]);
    out[outAt + 3] = sin(state[at + 1]);
    out[outAt + 4] = state[at + 2];
    out[outAt + 5] = state[at + 3];
  },

  draw([angle1, angle2], action) {
    const elbowX = tenth(300 + 80 * sin(angle1));
    const elbowY = tenth(215 + 80 * cos(angle1));
    const tipX = tenth(elbowX + 80 * sin(angle1 + angle2));
    const tipY = tenth(elbowY + 80 * cos(angle1 + angle2));
    const motor = action === null || action === 1 ? ink.sky : ink.accent;
    return svg(
      `<path d="M60 135H540" stroke="${ink.goal}" stroke-width="3" stroke-dasharray="2 10" stroke-linecap="round"/>` +
        `<path d="M300 215L${elbowX} ${elbowY}" stroke="${ink.body}" stroke-width="20" stroke-linecap="round"/>` +
        `<path d="M${elbowX} ${elbowY}L${tipX} ${tipY}" stroke="${ink.dark}" stroke-width="16" stroke-linecap="round"/>` +
        `<circle cx="300" cy="215" r="5" fill="${ink.sky}"/><circle cx="${elbowX}" cy="${elbowY}" r="5" fill="${motor}"/>` +
        `<circle cx="${tipX}" cy="${tipY}" r="5" fill="${ink.goal}"/>`,
    );
  },
};

function isAboveLine(state: Float64Array, at: number): boolean {
  return -cos(state[at]) - cos(state[at] + state[at + 1]) > 1;
}

/** Row `row` of the slopes: the derivative at the state moved by `ahead` along the row before. */
function slope(state: Float64Array, at: number, torque: number, row: number, ahead: number): void {
  const previous = row === 0 ? 0 : 4 * (row - 1);
  const angle1 = state[at] + ahead * slopes[previous];
  const angle2 = state[at + 1] + ahead * slopes[previous + 1];
  const speed1 = state[at + 2] + ahead * slopes[previous + 2];
  const speed2 = state[at + 3] + ahead * slopes[previous + 3];
  const cosine2 = cos(angle2);
  const sine2 = sin(angle2);

  // With m = l = I = 1 and centres of mass at ½. cos(x − π/2) is sin x.
  const d1 = 0.25 + (1 + 0.25 + cosine2) + 2;
  const d2 = 0.25 + 0.5 * cosine2 + 1;
  const phi2 = 0.5 * gravity * sin(angle1 + angle2);
  const phi1 = -0.5 * speed2 * speed2 * sine2 - speed2 * speed1 * sine2 + 1.5 * gravity * sin(angle1) + phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - 0.5 * speed1 * speed1 * sine2 - phi2) / (0.25 + 1 - (d2 * d2) / d1);
  slopes[4 * row] = speed1;
  slopes[4 * row + 1] = speed2;
  slopes[4 * row + 2] = -(d2 * acceleration2 + phi1) / d1;
  slopes[4 * row + 3] = acceleration2;
}

/** The same angle between −π and π. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}

function clamp(x: number, limit: number): number {
  return Math.min(Math.max(x, -limit), limit);
}
