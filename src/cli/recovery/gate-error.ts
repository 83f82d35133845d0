import { type GateErrorReport, gateError } from "../../recovery/bench/gate-error.ts";
import type { BenchOptions } from "../../recovery/bench/options.ts";
import { count } from "../terminal/number.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

export const gateErrorSection = section({
  title: "The canary's gate",
  seconds: { quick: 2, full: 8 },
  measure: measureGate,
  json: (gate) => ({ gateError: gate }),
  text: ({ candidates, falsePromotions, interval: [low, high], falseRollbacks, power }, { bold, dim }) =>
    [
      `Of ${count(candidates)} policies no better than their baseline, looked at after every episode, ${bold(String(falsePromotions))} were ever promoted (95 % interval ${low.toFixed(3)} … ${high.toFixed(3)}) and ${falseRollbacks} rolled back.`,
      table([
        ["better by", "promoted", "episodes of the policy, median", "90 %"].map(dim),
        ...power.map(({ effect, promoted, candidates: better, medianEpisodes, episodes90 }) => [
          effect.toFixed(3),
          `${promoted} of ${better}`,
          medianEpisodes === null ? "–" : count(medianEpisodes),
          episodes90 === null ? "–" : count(episodes90),
        ]),
      ]),
    ].join("\n"),
});

function measureGate({ seed, quick, onProgress }: BenchOptions): GateErrorReport {
  const candidates = quick ? 200 : 1000;
  const rest = quick
    ? { episodes: 5000, effects: [0.1, 0.2], effectCandidates: 20, effectEpisodes: 20_000 }
    : { effects: [0.03, 0.05, 0.076, 0.1, 0.2] };
  let last: GateErrorReport | null = null;
  for (const report of gateError({ seed, candidates, ...rest })) {
    const share = report.candidates / candidates;
    onProgress?.("policies that are no better", { share, count: report.candidates, unit: "policies" });
    last = report;
  }
  if (!last) throw new Error("gateError ended without a report.");
  return last;
}
