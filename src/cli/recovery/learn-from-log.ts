import { type AskedLog, benchLearnFromLog, type LearnFromLogReport } from "../../recovery/bench/learn-from-log.ts";
import { count } from "../terminal/number.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

export const learnFromLogSection = section({
  title: "Learning from a log alone",
  seconds: { quick: 6, full: 60 },
  measure: benchLearnFromLog,
  json: (learnFromLog) => ({ learnFromLog }),
  text,
});

function text(report: LearnFromLogReport, { dim, bold }: Style): string {
  const { settings, decisions, runbook, learned, pretrained, asked } = report;
  const policies = {
    "expert runbook": runbook,
    "learned from its log": learned,
    "PPO in a world made of it": pretrained,
  };
  const services = Object.keys(runbook.byService);
  return [
    `${count(settings.failures)} failures by the expert runbook, exploring with ε = ${settings.epsilon}: ${count(decisions)} decisions.`,
    table([
      ["policy", "return", ...services].map(dim),
      ...Object.entries(policies).map(([name, policy]) => [
        name,
        bold(fixed(policy.return.mean)),
        ...services.map((service) => fixed(policy.byService[service].mean)),
      ]),
    ]),
    "",
    table([
      ["the log", "policy's share", "effective share", "gain by the log", "true gain"].map(dim),
      ...asked.map(askedRow),
    ]),
  ].join("\n");
}

function askedRow({ log, share, effectiveShare, uplift, truth }: AskedLog): string[] {
  const said = uplift ? `${fixed(uplift.lower95)} … ${fixed(uplift.upper95)}` : "refused";
  const which = log === "own" ? "that taught it" : "another";
  return [which, `${100 * share} %`, `${(100 * effectiveShare).toFixed(2)} %`, said, fixed(truth)];
}

function fixed(x: number): string {
  return x.toFixed(3);
}
