import { cos, sin } from "../../math/transcendental.ts";
import { downToTheBottom, ink, svg, tenth } from "../svg.ts";

/** The valley of both mountain cars. */
export const leftEnd = -1.2;
export const rightEnd = 0.6;
export const speedLimit = 0.07;

const across = (position: number) => ((position - leftEnd) / (rightEnd - leftEnd)) * 600;
const height = (position: number) => 0.45 * sin(3 * position) + 0.55;
const down = (position: number) => 370 - 270 * height(position);
/** Pixels down per pixel to the right. */
const slope = (position: number) => (-270 * 1.35 * cos(3 * position) * (rightEnd - leftEnd)) / 600;

/** The car on the hillside and the flag where it should be; `push` from −1 to 1 is drawn as the flame behind it. */
export function drawMountain(position: number, goal: number, push: number): string {
  const x = across(position);
  const y = down(position);
  const tilt = slope(position);
  const length = Math.sqrt(1 + tilt * tilt);
  const turn = [1 / length, tilt / length, -tilt / length, 1 / length].map((entry) => Math.round(entry * 1e3) / 1e3);
  const poleX = tenth(across(goal));
  const poleY = tenth(down(goal));
  const flame =
    push === 0
      ? ""
      : `<path d="M${push > 0 ? -27 : 27} -14h${tenth(-22 * push)}" stroke="${ink.accent}" stroke-width="8" stroke-linecap="round"/>`;
  return svg(
    `<path d="${hillside()}${downToTheBottom}" fill="${ink.ground}"/>` +
      `<path d="${hillside()}" fill="none" stroke="${ink.line}" stroke-width="3"/>` +
      `<path d="M${poleX} ${poleY}v-62" stroke="${ink.dark}" stroke-width="3"/>` +
      `<path d="M${poleX} ${tenth(poleY - 62)}l30 10l-30 10z" fill="${ink.goal}"/>` +
      `<g transform="matrix(${turn} ${tenth(x)} ${tenth(y)})">${flame}` +
      `<path d="M-27 -9v-7q0 -5 5 -5h6l7 -10q1 -2 4 -2h10q3 0 5 2l7 10h5q5 0 5 5v7z" fill="${ink.body}"/>` +
      `<path d="M-14 -8h0M14 -8h0" stroke="${ink.dark}" stroke-width="15" stroke-linecap="round"/></g>`,
  );
}

/** The sine as twelve Bézier arcs that meet it in place and slope. */
function hillside(): string {
  const third = 600 / 12 / 3;
  let path = `M0 ${tenth(down(leftEnd))}`;
  for (let i = 0; i < 12; i++) {
    const from = leftEnd + (i / 12) * (rightEnd - leftEnd);
    const to = leftEnd + ((i + 1) / 12) * (rightEnd - leftEnd);
    const out = `${tenth(across(from) + third)} ${tenth(down(from) + third * slope(from))}`;
    const into = `${tenth(across(to) - third)} ${tenth(down(to) - third * slope(to))}`;
    path += `C${out} ${into} ${tenth(across(to))} ${tenth(down(to))}`;
  }
  return path;
}
