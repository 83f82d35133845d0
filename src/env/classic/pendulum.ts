import { cos, sin } from "../../math/transcendental.ts";
import type { Dynamics } from "../dynamics.ts";
import { type Box, box } from "../space.ts";
import { ink, svg, tenth } from "../svg.ts";

const gravity = 10;
const timeStep = 0.05;
const speedLimit = 8;
const torqueLimit = 2;

/** A pendulum to be swung up and held, with too weak a motor to lift it at once. State: angle from upright, angular velocity. */
export const pendulum: Dynamics<Box> = {
  id: "Pendulum-v1",
  maxEpisodeSteps: 200,
  observationSpace: box({ low: [-1, -1, -speedLimit], high: [1, 1, speedLimit] }),
  actionSpace: box({ low: -torqueLimit, high: torqueLimit, shape: [1] }),
  stateSize: 2,

  start(state, at, random) {
    state[at] = (2 * random.uniform() - 1) * Math.PI;
    state[at + 1] = 2 * random.uniform() - 1;
  },

  advance(state, at, actions, actionAt) {
    const angle = state[at];
    const speed = state[at + 1];
    const torque = clamp(actions[actionAt], torqueLimit);
    const fromUpright = angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
    const cost = fromUpright * fromUpright + 0.1 * speed * speed + 0.001 * torque * torque;

    // Semi-implicit Euler: the angle advances with the new velocity.
    const newSpeed = clamp(speed + (((3 * gravity) / 2) * sin(angle) + 3 * torque) * timeStep, speedLimit);
    state[at] = angle + newSpeed * timeStep;
    state[at + 1] = newSpeed;
    return -cost;
  },

  isTerminal() {
    return false;
  },

  observe(state, at, out, outAt) {
    out[outAt] = cos(state[at]);
    out[outAt + 1] = sin(state[at]);
    out[outAt + 2] = state[at + 1];
  },

  draw([angle], action) {
    const tipX = tenth(300 - 130 * sin(angle));
    const tipY = tenth(200 - 130 * cos(angle));
    return svg(
      `<circle cx="300" cy="200" r="148" fill="none" stroke="${ink.ground}" stroke-width="3"/>` +
        `<path d="M300 40v12" stroke="${ink.goal}" stroke-width="5" stroke-linecap="round"/>` +
        `<path d="M300 200L${tipX} ${tipY}" stroke="${ink.body}" stroke-width="22" stroke-linecap="round"/>` +
        `<circle cx="300" cy="200" r="6" fill="${ink.sky}"/>` +
        drawTorque(clamp(action ?? 0, torqueLimit) / torqueLimit),
    );
  },
};

/** An arc with an arrow head, as long as the torque is strong; a positive one turns to the left. */
function drawTorque(share: number): string {
  if (Math.abs(share) < 0.05) return "";
  const turn = share * 2.4;
  const side = Math.sign(share);
  const point = (radius: number, angle: number) =>
    `${tenth(300 - radius * sin(angle))} ${tenth(200 - radius * cos(angle))}`;
  const back = turn - side * 0.2;
  return (
    `<path d="M${point(50, 0)}A50 50 0 0 ${side > 0 ? 0 : 1} ${point(50, turn)}` +
    `M${point(42, back)}L${point(50, turn)}L${point(58, back)}" fill="none" stroke="${ink.accent}" ` +
    `stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>`
  );
}

function clamp(x: number, limit: number): number {
  return Math.min(Math.max(x, -limit), limit);
}
