import type { Dynamics } from "../dynamics.ts";
import { box, type Discrete, discrete } from "../space.ts";
import { downToTheBottom, ink, svg, tenth } from "../svg.ts";

const mass = 1;
const gravity = 9.81;
const force = 4;
const end = 1;
const speedLimit = 3;
/** An action holds for a tenth of a second, integrated by Euler in steps of a thousandth. */
const substeps = 100;
const substep = 0.001;

/** p² + p left of 0, p / √(1 + 5p²) right of it. */
export const height = (p: number) => (p < 0 ? p * p + p : p / Math.sqrt(1 + 5 * p * p));

export function slope(p: number): number {
  if (p < 0) return 2 * p + 1;
  const root = Math.sqrt(1 + 5 * p * p);
  return 1 / (root * root * root);
}

export function curvature(p: number): number {
  if (p < 0) return 2;
  const square = 1 + 5 * p * p;
  return (-15 * p) / (square * square * Math.sqrt(square));
}

/**
 * A car that must first go back to gain speed, and must not be too fast at the top. Moore & Atkeson 1995, in the form of
 * Ernst, Geurts & Wehenkel 2005, https://jmlr.org/papers/v6/ernst05a.html, section 5.1. State: position, velocity.
 */
export const carOnTheHill: Dynamics<Discrete> = {
  id: "CarOnTheHill-v0",
  maxEpisodeSteps: 300,
  observationSpace: box({ low: -Infinity, high: Infinity, shape: [2] }),
  actionSpace: discrete(2),
  stateSize: 2,

  start(state, at) {
    state[at] = -0.5;
    state[at + 1] = 0;
  },

  advance(state, at, actions, actionAt) {
    const push = (actions[actionAt] === 1 ? force : -force) / mass;
    let position = state[at];
    let velocity = state[at + 1];
    for (let i = 0; i < substeps; i++) {
      const rise = slope(position);
      const pull = push - gravity * rise - velocity * velocity * rise * curvature(position);
      position += substep * velocity;
      velocity += (substep * pull) / (1 + rise * rise);
    }
    state[at] = position;
    state[at + 1] = velocity;
    if (position < -end || Math.abs(velocity) > speedLimit) return -1;
    return position > end ? 1 : 0;
  },

  isTerminal(state, at) {
    return Math.abs(state[at]) > end || Math.abs(state[at + 1]) > speedLimit;
  },

  observe(state, at, out, outAt) {
    out[outAt] = state[at];
    out[outAt + 1] = state[at + 1];
  },

  draw([position], action) {
    return draw(position, action === null ? 0 : 2 * action - 1);
  },
};

const pixels = { across: 260, up: 340 };
const across = (p: number) => 40 + (p + end) * pixels.across;
const down = (p: number) => 300 - pixels.up * (height(p) + 0.25);
/** Pixels down for each across. */
const fall = (p: number) => (-pixels.up * slope(p)) / pixels.across;

/** The hill as twelve Bézier arcs that meet it in place and slope. */
function hillside(): string {
  const [arcs, from, width] = [12, -1.15, 2.3 / 12];
  const third = (width * pixels.across) / 3;
  let path = `M${tenth(across(from))} ${tenth(down(from))}`;
  for (let i = 0; i < arcs; i++) {
    const [p, q] = [from + i * width, from + (i + 1) * width];
    const out = `${tenth(across(p) + third)} ${tenth(down(p) + third * fall(p))}`;
    const into = `${tenth(across(q) - third)} ${tenth(down(q) - third * fall(q))}`;
    path += `C${out} ${into} ${tenth(across(q))} ${tenth(down(q))}`;
  }
  return path;
}

function draw(position: number, push: number): string {
  const tilt = fall(position);
  const length = Math.sqrt(1 + tilt * tilt);
  const turn = [1 / length, tilt / length, -tilt / length, 1 / length].map((entry) => Math.round(entry * 1e3) / 1e3);
  const [poleX, poleY] = [tenth(across(end)), tenth(down(end))];
  const flame =
    push === 0
      ? ""
      : `<path d="M${-20 * push} -11h${-16 * push}" stroke="${ink.accent}" stroke-width="7" stroke-linecap="round"/>`;
  return svg(
    `<path d="${hillside()}${downToTheBottom}" fill="${ink.ground}"/>` +
      `<path d="${hillside()}" fill="none" stroke="${ink.line}" stroke-width="3"/>` +
      `<path d="M${poleX} ${poleY}v-56" stroke="${ink.dark}" stroke-width="3"/>` +
      `<path d="M${poleX} ${tenth(poleY - 56)}l28 9l-28 9z" fill="${ink.goal}"/>` +
      `<g transform="matrix(${turn} ${tenth(across(position))} ${tenth(down(position))})">${flame}` +
      `<path d="M-20 -7v-6q0 -4 4 -4h5l5 -7h12l5 7h5q4 0 4 4v6z" fill="${ink.body}"/>` +
      `<path d="M-11 -6h0M11 -6h0" stroke="${ink.dark}" stroke-width="11" stroke-linecap="round"/></g>`,
  );
}
