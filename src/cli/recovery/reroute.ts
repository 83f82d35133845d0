import { benchReroute, type RerouteReport, type RerouteRow } from "../../recovery/bench/reroute.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

export const rerouteSection = section({
  title: "Reroute: wait or migrate",
  seconds: { quick: 2, full: 8 },
  measure: benchReroute,
  json: (reroute) => ({ reroute }),
  text: rerouteText,
});

function rerouteText({ rows, largestGap }: RerouteReport, { bold, dim }: Style): string {
  const heads = "learned on,judged on,migration,seed,waits,costs,searched,best there,never,always,gap".split(",");
  return [
    table([heads.map(dim), ...rows.map(cells)], 2),
    dim(
      "Minutes lost on average; searched: by the best threshold of where it was learned. Downtimes: a lognormal, and Los Alamos's records (LA-UR-05-7318), halved in time.",
    ),
    `Largest gap to the exact optimum of the lognormal: ${bold(percent(largestGap))}`,
  ].join("\n");
}

function cells(row: RerouteRow): string[] {
  const { learnedOn, judgedOn, migrationMinutes, seed, learned, planned, best, never, gap } = row;
  return [
    learnedOn,
    judgedOn,
    String(migrationMinutes),
    String(seed),
    learned.threshold.toFixed(0),
    learned.cost.toFixed(1),
    planned.cost.toFixed(1),
    `${best.cost.toFixed(1)} at ${best.threshold}`,
    never.toFixed(1),
    String(migrationMinutes),
    percent(gap),
  ];
}

/** The best threshold is searched in whole minutes: one between them can be better by a hair. */
function percent(share: number): string {
  return `${(100 * share).toFixed(2).replace(/^-0\.00$/, "0.00")} %`;
}
