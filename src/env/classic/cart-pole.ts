import { cos, sin } from "../../math/transcendental.ts";
import type { Dynamics } from "../dynamics.ts";
import { box, type Discrete, discrete } from "../space.ts";
import { downToTheBottom, ink, svg, tenth } from "../svg.ts";

const gravity = 9.8;
const poleMass = 0.1;
const totalMass = 1.1;
const halfLength = 0.5;
const force = 10;
const timeStep = 0.02;
const positionLimit = 2.4;
const angleLimit = (12 * 2 * Math.PI) / 360;

/**
 * A pole on a cart, to be kept upright by pushes to the left and to the right.
 * Barto, Sutton and Anderson 1983. State: position, velocity, angle, angular velocity.
 */
export const cartPole: Dynamics<Discrete> = {
  id: "CartPole-v1",
  maxEpisodeSteps: 500,
  observationSpace: box({
    low: [-2 * positionLimit, -Infinity, -2 * angleLimit, -Infinity],
    high: [2 * positionLimit, Infinity, 2 * angleLimit, Infinity],
  }),
  actionSpace: discrete(2),
  stateSize: 4,

  start(state, at, random) {
    for (let i = 0; i < 4; i++) state[at + i] = random.uniform() * 0.1 - 0.05;
  },

  advance(state, at, actions, actionAt) {
    const velocity = state[at + 1];
    const angle = state[at + 2];
    const angularVelocity = state[at + 3];
    const push = actions[actionAt] === 1 ? force : -force;
    const cosine = cos(angle);
    const sine = sin(angle);

    const drive = (push + poleMass * halfLength * (angularVelocity * angularVelocity) * sine) / totalMass;
    const angularAcceleration =
      (gravity * sine - cosine * drive) / (halfLength * (4 / 3 - (poleMass * (cosine * cosine)) / totalMass));
    const acceleration = drive - (poleMass * halfLength * angularAcceleration * cosine) / totalMass;

    // Explicit Euler: positions advance with the old velocities.
    state[at] += timeStep * velocity;
    state[at + 1] += timeStep * acceleration;
    state[at + 2] += timeStep * angularVelocity;
    state[at + 3] += timeStep * angularAcceleration;
    return 1;
  },

  isTerminal(state, at) {
    return Math.abs(state[at]) > positionLimit || Math.abs(state[at + 2]) > angleLimit;
  },

  observe(state, at, out, outAt) {
    for (let i = 0; i < 4; i++) out[outAt + i] = state[at + i];
  },

  draw([position, , angle], action) {
    const x = tenth(300 + position * 100);
    const tipX = tenth(x + 150 * sin(angle));
    const tipY = tenth(268 - 150 * cos(angle));
    const side = action === 1 ? 1 : -1;
    const arrow = `<path d="M${x + side * 50} 288h${side * 26}m${side * -8} -7l${side * 8} 7l${side * -8} 7" fill="none" stroke="${ink.accent}" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>`;
    return svg(
      `<path d="M0 316H600${downToTheBottom}M${x} 268l-35.3 -166.3a170 170 0 0 1 70.6 0z" fill="${ink.ground}"/>` +
        `<path d="M60 316v-10M540 316v-10M0 316H600" stroke="${ink.line}" stroke-width="3"/>` +
        (action === null ? "" : arrow) +
        `<rect x="${tenth(x - 42)}" y="268" width="84" height="38" rx="8" fill="${ink.body}"/>` +
        `<path d="M${tenth(x - 24)} 306h0M${tenth(x + 24)} 306h0" stroke="${ink.dark}" stroke-width="20" stroke-linecap="round"/>` +
        `<path d="M${x} 268L${tipX} ${tipY}" stroke="${ink.accent}" stroke-width="12" stroke-linecap="round"/>` +
        `<circle cx="${x}" cy="268" r="5" fill="${ink.sky}"/>`,
    );
  },
};
