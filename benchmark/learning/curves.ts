import { interquartileMean } from "belay-rl";
import type { LearningTask, TaskResult } from "./task.ts";

const columns = 4;
const cell = { width: 260, height: 190 };
const plot = { left: 44, right: 12, top: 34, bottom: 26 };

/** A small picture for each task: the interquartile mean over seeds, the range of seeds, and the goal. */
export function drawCurves(found: readonly { task: LearningTask; result: TaskResult }[]): string {
  const width = columns * cell.width;
  const height = Math.ceil(found.length / columns) * cell.height;
  const cells = found.map(({ task, result }, i) => {
    const x = (i % columns) * cell.width;
    const y = Math.floor(i / columns) * cell.height;
    return `<g transform="translate(${x} ${y})">${drawTask(task, result)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
${cells.join("\n")}
</svg>
`;
}

function drawTask(task: LearningTask, { seeds }: TaskResult): string {
  const points = seeds[0].curve.map(({ steps }, i) => {
    const means = seeds.map(({ curve }) => curve[Math.min(i, curve.length - 1)].mean);
    return { steps, middle: interquartileMean(means), low: Math.min(...means), high: Math.max(...means) };
  });
  const bottom = Math.min(task.target, ...points.map(({ low }) => low));
  const top = Math.max(task.target, ...points.map(({ high }) => high));
  const x = (steps: number) => round(plot.left + (steps / task.totalSteps) * (cell.width - plot.left - plot.right));
  const y = (value: number) =>
    round(plot.top + ((top - value) / (top - bottom)) * (cell.height - plot.top - plot.bottom));
  const line = points.map(({ steps, middle }) => `${x(steps)} ${y(middle)}`).join("L");
  const band = [
    ...points.map(({ steps, high }) => `${x(steps)} ${y(high)}`),
    ...points.toReversed().map(({ steps, low }) => `${x(steps)} ${y(low)}`),
  ].join("L");
  const label = (value: number) =>
    `<text x="${plot.left - 6}" y="${y(value) + 4}" text-anchor="end" fill="#667">${String(Math.round(value)).replace("-", "−")}</text>`;
  return [
    `<text x="${plot.left}" y="18" font-weight="600" fill="#223">${task.algorithm} · ${task.environment}</text>`,
    `<path d="M${x(0)} ${y(task.target)}H${x(task.totalSteps)}" stroke="#d58a2b" stroke-dasharray="4 3"/>`,
    `<path d="M${band}Z" fill="#2f6fb3" opacity=".18"/>`,
    `<path d="M${line}" fill="none" stroke="#2f6fb3" stroke-width="1.8" stroke-linejoin="round"/>`,
    `<path d="M${x(0)} ${y(bottom)}H${x(task.totalSteps)}" stroke="#99a"/>`,
    label(bottom),
    label(top),
    `<text x="${x(task.totalSteps)}" y="${cell.height - 10}" text-anchor="end" fill="#667">${task.totalSteps / 1000}k steps</text>`,
  ].join("");
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
