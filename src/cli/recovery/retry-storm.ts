import { mean } from "../../math/statistics.ts";
import { benchRetryStorm, type RetryStormReport, type StormCell } from "../../recovery/bench/retry-storm.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

export const retryStormSection = section({
  title: "RetryStorm",
  seconds: { quick: 3, full: 28 },
  measure: benchRetryStorm,
  json: (retryStorm) => ({ retryStorm }),
  text: stormText,
});

function stormText({ cells, seeds }: RetryStormReport, style: Style): string {
  const longest = cells.filter(({ triggerSeconds }) => triggerSeconds === cells[0].triggerSeconds);
  return [
    table([
      ["", ...longest.flatMap(({ load }) => [`load ${load}`, "", ""])].map(style.dim),
      ["callers", ...longest.flatMap(() => ["goodput", "back after", "calls"])].map(style.dim),
      ...longest[0].rows.map(({ strategy }, place) => [
        strategy,
        ...longest.flatMap(({ rows }) => {
          const { goodput, recoverySeconds, callsPerRequest } = rows[place];
          return [goodput.mean.toFixed(3), recoveryOf(recoverySeconds), callsPerRequest.toFixed(2)];
        }),
      ]),
    ]),
    style.dim(
      `${seeds.length} seeds; capacity ×.3 for ${cells[0].triggerSeconds} s; seconds from its end until 95 % is served.`,
    ),
    "",
    table([
      ["planner", "goodput", "95 % interval", "back sooner by", "than"].map(style.dim),
      ...cells.map((cell) => gainRow(cell, style)),
    ]),
  ].join("\n");
}

function recoveryOf(seconds: readonly (number | null)[]): string {
  const known = seconds.filter((one) => one !== null);
  return known.length < seconds.length ? "never" : `${mean(known).toFixed(1)} s`;
}

/** No gain is said to be one whose interval holds 0. */
function gainRow({ load, triggerSeconds, best, goodputGain, recoveryGainSeconds }: StormCell, style: Style): string[] {
  const [low, high] = goodputGain.ci95;
  const shown = signed(goodputGain.mean, 4);
  return [
    `load ${load}, capacity gone for ${triggerSeconds} s`,
    low > 0 ? style.good(shown) : high < 0 ? style.bad(shown) : shown,
    `${signed(low, 4)} … ${signed(high, 4)}`,
    `${signed(recoveryGainSeconds.mean, 1)} s`,
    best.goodput === best.recovery ? best.goodput : `${best.goodput}; ${best.recovery}`,
  ];
}

function signed(x: number, digits: number): string {
  return `${x > 0 ? "+" : ""}${x.toFixed(digits)}`;
}
