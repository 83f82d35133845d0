import { benchChaos } from "../../recovery/bench/chaos.ts";
import { count } from "../terminal/number.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

export const chaosSection = section({
  title: "Chaos on the planner itself",
  seconds: { quick: 2, full: 10 },
  measure: benchChaos,
  json: (chaos) => ({ chaos }),
  text: (rows, { bold, dim }) =>
    table([
      ["struck by", "calls", "lost", "doubled", "wrong", "then decided by"].map(dim),
      ...rows.map((row) => [
        row.blow,
        count(row.calls),
        bold(String(row.lost)),
        bold(String(row.doubled)),
        bold(String(row.wrong)),
        row.policyGoesOn
          ? `the policy, ${count(row.decisions - row.byRunbook)} of ${count(row.decisions)}`
          : `the runbook, ${count(row.byRunbook)} of ${count(row.decisions)}`,
      ]),
    ]),
});
