import { type GateErrorReport, gateError } from "../../recovery/bench/gate-error.ts";
import type { BenchOptions } from "../../recovery/bench/options.ts";
import { count } from "../terminal/number.ts";
import { section } from "./section.ts";

export const gateErrorSection = section({
  title: "The canary's gate",
  seconds: { quick: 2, full: 60 },
  measure: measureGate,
  json: (gate) => ({ gateError: gate }),
  text: ({ candidates, falsePromotions, interval: [low, high], falseRollbacks, power }, { bold }) =>
    [
      `Of ${count(candidates)} policies no better than their baseline, looked at after every episode, ${bold(String(falsePromotions))} were ever promoted (95 % interval ${low.toFixed(3)} … ${high.toFixed(3)}) and ${falseRollbacks} rolled back.`,
      ...power.map(
        ({ effect, promoted, candidates: better, medianEpisodes }) =>
          `Better by ${effect}: ${promoted} of ${better} promoted${medianEpisodes === null ? "" : `, half of them within ${count(medianEpisodes)} episodes`}.`,
      ),
    ].join("\n"),
});

function measureGate({ seed, quick, onProgress }: BenchOptions): GateErrorReport {
  const candidates = quick ? 200 : 1000;
  const rest = quick
    ? { episodes: 5000, effects: [0.1], effectCandidates: 20, effectEpisodes: 20_000 }
    : { effects: [0.05, 0.1] };
  let last: GateErrorReport | null = null;
  for (const report of gateError({ seed, candidates, ...rest })) {
    const share = report.candidates / candidates;
    onProgress?.("policies that are no better", { share, count: report.candidates, unit: "policies" });
    last = report;
  }
  if (!last) throw new Error("gateError ended without a report.");
  return last;
}
