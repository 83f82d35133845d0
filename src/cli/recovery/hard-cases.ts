import { benchDoubleEffect } from "../../recovery/bench/double-effect.ts";
import { benchPoisonMessage } from "../../recovery/bench/poison-message.ts";
import { benchSharedFate } from "../../recovery/bench/shared-fate.ts";
import { count } from "../terminal/number.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

export const doubleEffectSection = section({
  title: "Steps that must not be done twice",
  seconds: { quick: 2, full: 48 },
  measure: benchDoubleEffect,
  json: (doubleEffect) => ({ doubleEffect }),
  text: ({ guarded, misdeclared }, { bold }) =>
    [
      `${count(guarded.runs)} runs, ${count(guarded.faults)} failed calls, ${count(guarded.repeats)} made again: ${bold(String(guarded.doubleEffects))} done twice, ${count(guarded.rescued)} rescued.`,
      `Told that the step may be repeated, the same planner does it twice in ${count(misdeclared.doubleEffects)} of ${count(misdeclared.runs)}.`,
    ].join("\n"),
});

export const poisonMessageSection = section({
  title: "Poison messages in a line",
  seconds: { quick: 1, full: 5 },
  measure: benchPoisonMessage,
  json: (poisonMessage) => ({ poisonMessage }),
  text: ({ rows, hours }, { bold, dim }) =>
    [
      table([
        ["consumer", "messages/s", "mean delay", "99 %", "held up by poison", "parked wrongly", "return"].map(dim),
        ...rows.map((row) => [
          row.strategy,
          row.throughput.toFixed(1),
          `${row.meanDelay.toFixed(1)} s`,
          `${row.p99Delay.toFixed(1)} s`,
          `${row.poisonSeconds.toFixed(1)} s`,
          `${(100 * row.wronglyParked).toFixed(1)} %`,
          bold(row.return.toFixed(3)),
        ]),
      ]),
      dim(`${hours} hours at 20 messages a second; delays of messages that did not fail themselves.`),
    ].join("\n"),
});

export const sharedFateSection = section({
  title: "A replica that shares the fate",
  seconds: { quick: 1, full: 5 },
  measure: benchSharedFate,
  json: (sharedFate) => ({ sharedFate }),
  text: ({ rows, episodes }, { bold, dim }) =>
    [
      table([
        ["policy", "replica", "return", "95 % interval", "switches first", "switches"].map(dim),
        ...rows.map(({ strategy, service, return: { mean, ci95 }, switchesFirst, switches }) => [
          strategy,
          service,
          bold(mean.toFixed(3)),
          `${ci95[0].toFixed(3)} … ${ci95[1].toFixed(3)}`,
          `${(100 * switchesFirst).toFixed(0)} %`,
          switches.toFixed(2),
        ]),
      ]),
      dim(`${count(episodes)} failures each.`),
    ].join("\n"),
});
