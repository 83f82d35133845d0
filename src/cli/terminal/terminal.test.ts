import { expect, test } from "vitest";
import type { Iteration } from "../../run/event.ts";
import { bar, sparkline } from "./draw.ts";
import { clock, count, short } from "./number.ts";
import { createProgress } from "./progress.ts";
import { createStyle, visibleWidth } from "./style.ts";
import { table } from "./table.ts";

const iteration: Iteration = {
  kind: "iteration",
  time: 0,
  steps: 61_440_000,
  totalSteps: 100_000_000,
  metrics: { kl: 0.0043, entropy: 0.52 },
  episodes: null,
  return: 487.2,
  seconds: 700,
  stepsPerSecond: 284_200,
  secondsLeft: 4000,
};

/** A terminal that keeps what was written to it. */
function screen(columns: number | null, color = false) {
  const written: string[] = [];
  return { written, columns, color, write: (text: string) => void written.push(text) };
}

test("numbers are told in as many places as tell something", () => {
  expect([0, 12_345.6, 487.2, 48.71, 4.871, 0.48712, 0.00004871].map(short)).toEqual([
    "0",
    "12,346",
    "487",
    "48.7",
    "4.87",
    "0.4871",
    "4.9e-5",
  ]);
  expect(count(1_234_567)).toBe("1,234,567");
  expect([5, 75, 3675].map(clock)).toEqual(["0:05", "1:15", "1:01:15"]);
});

test("a sparkline goes from the lowest to the highest, and condenses what does not fit", () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([3, 3, 3], 8)).toBe("▁▁▁");
  expect(sparkline([0, 0, 7, 7], 2)).toBe("▁█");
});

test("a bar is as wide as asked for, and right to the half column", () => {
  expect(bar(0, 4)).toEqual(["", "━━━━"]);
  expect(bar(0.375, 4)).toEqual(["━╸", "━━"]);
  expect(bar(1.2, 4)).toEqual(["━━━━", ""]);
});

test("colours take no room in a table", () => {
  const { bold } = createStyle({ color: true });
  expect(visibleWidth(bold("ppo"))).toBe(3);
  expect(
    table([
      [bold("a"), "1"],
      ["bbb", "22"],
    ])
      .split("\n")
      .map(visibleWidth),
  ).toEqual([7, 7]);
  expect(createStyle({ color: false }).bold("ppo")).toBe("ppo");
});

test("the live block fits every terminal, and tells less on a narrow one", () => {
  for (const columns of [20, 40, 60, 80, 100, 200]) {
    const output = screen(columns, true);
    createProgress(output, false).show(iteration);
    const lines = output.written.join("").split("\n");
    for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(columns);
    if (columns >= 80) expect(lines.join("")).toMatch(/61 %.*61,440,000 steps.*284,200 steps\/s.*1:06:40 left/);
  }
});

test("the block is drawn over the one before it, and a message stays above it", () => {
  const output = screen(100);
  const progress = createProgress(output, false);
  progress.show(iteration);
  progress.show({ ...iteration, time: 1000 });
  expect(output.written[1]).toBe("\u001b[3A\u001b[J");
  progress.say("heard");
  expect(output.written.slice(3, 5)).toEqual(["\u001b[3A\u001b[J", "heard\n"]);
});

test("where nobody watches there is a line per evaluation and no block; quiet, there is none", () => {
  const evaluation = {
    episodes: 10,
    returns: [],
    lengths: [],
    mean: 412.3,
    std: 40,
    iqm: 410,
    ci95: [400, 420],
  } as const;
  for (const [quiet, lines] of [
    [false, 1],
    [true, 0],
  ] as const) {
    const output = screen(null);
    const progress = createProgress(output, quiet);
    progress.show(iteration);
    progress.show({ kind: "evaluation", time: 1, steps: 2000, evaluation, best: true });
    progress.end();
    expect(output.written).toHaveLength(lines);
  }
});

test("a warning is told in whole sentences", () => {
  const output = screen(null);
  const warning = { name: "kl-blow-up", seen: "the KL is 3", why: "It leaps.", advice: "Lower learningRate." } as const;
  createProgress(output, false).show({ kind: "warning", time: 0, steps: 1200, warning });
  expect(output.written.join("")).toBe("  kl-blow-up, at step 1,200: the KL is 3. It leaps. Lower learningRate.\n");
});
