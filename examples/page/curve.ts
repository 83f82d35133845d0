/** The learning curve: a dot per episode, and a line through the running mean. */
export interface Curve {
  add(steps: number, returns: readonly number[]): void;
  /** Of the last 50 episodes; NaN before the first. */
  readonly mean: number;
  render(): string;
}

const [left, right, top, bottom] = [44, 588, 12, 366];
const highest = 500;

export function createCurve(totalSteps: number): Curve {
  const recent: number[] = [];
  let dots = "";
  let line = "";
  const x = (steps: number) => (left + ((right - left) * steps) / totalSteps).toFixed(1);
  const y = (value: number) => (bottom - ((bottom - top) * value) / highest).toFixed(1);
  const mean = () => recent.reduce((sum, value) => sum + value, 0) / recent.length;

  return {
    add(steps, returns) {
      for (const value of returns) dots += `M${x(steps)} ${y(value)}h0`;
      recent.push(...returns);
      recent.splice(0, recent.length - 50);
      if (recent.length > 0) line += `${line ? "L" : "M"}${x(steps)} ${y(mean())}`;
    },
    get mean() {
      return mean();
    },
    render: () =>
      `<svg viewBox="0 0 600 400" class="curve" role="img" aria-label="Return over environment steps">${axes(x, y, totalSteps)}` +
      `<path class="episodes" d="${dots}"/><path class="mean" d="${line}"/></svg>`,
  };
}

type Scale = (value: number) => string;

function axes(x: Scale, y: Scale, totalSteps: number): string {
  const rows = [0, 100, 200, 300, 400].map(
    (value) =>
      `<path class="axis" d="M${left} ${y(value)}H${right}"/>` +
      `<text x="${left - 8}" y="${y(value)}" dy="5" text-anchor="end">${value}</text>`,
  );
  const columns = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const anchor = part === 0 ? "start" : part === 1 ? "end" : "middle";
    const label = `${Math.round((part * totalSteps) / 1000)}k`;
    return `<text x="${x(part * totalSteps)}" y="392" text-anchor="${anchor}">${part ? label : "0"}</text>`;
  });
  const goal = `<path class="goal" d="M${left} ${y(500)}H${right}"/><text x="${left - 8}" y="${y(500)}" dy="5" text-anchor="end">500</text>`;
  return rows.join("") + columns.join("") + goal;
}
