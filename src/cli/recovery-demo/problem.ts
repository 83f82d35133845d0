import { escalate, fetchFrom, rerun, retry, switchTo, undoAndReplay } from "../../recovery/action/build.ts";
import type { Failure } from "../../recovery/failure.ts";
import { category, flag, number } from "../../recovery/feature/encoding.ts";
import { sampling } from "../../recovery/guard/breaker.ts";
import { tokenBucket } from "../../recovery/guard/token-bucket.ts";
import type { PlannerOptions } from "../../recovery/planner/options.ts";
import { type Runbook, runbook } from "../../recovery/runbook/runbook.ts";
import { costs, type Remedies, type StepInput } from "./pipeline.ts";
import { heavyBatch } from "./proxy.ts";

/** All times are a tenth of what they would be: a second here is ten. */
export const rates = {
  success: 1,
  perSecond: -0.04,
  perCall: -0.02,
  perUnhealthyCall: 0,
  escalate: -0.6,
  deadline: -1,
};

export const classes = ["TIMEOUT", "NETWORK", "5XX", "429", "BADDATA", "BREAKER", "OTHER"];

/** Another place for orders is asked twice at most: a third time tells nothing new. */
const forOrders = (name: string) => (failure: Failure) =>
  failure.service === "orders" && failure.history.filter(({ choice }) => choice === name).length < 2;

/** The pipeline's recovery as its owner would state it. */
export function demoProblem(remedies: Remedies) {
  return {
    name: "demo",
    features: ({ service, tags, timeShare, effect }) => ({
      service,
      critical: tags["freshness"] === "critical",
      harmless: effect === "none",
      timeShare,
    }),
    encoding: {
      service: category(["orders", "warehouse"]),
      critical: flag(),
      harmless: flag(),
      timeShare: number({ scale: 1 }),
    },
    actions: {
      retry: retry({ delaysMs: [20, 100, 500, 2000] }),
      source: switchTo(remedies.replica, { cost: costs.replica, idempotent: true, requires: forOrders("source") }),
      params: rerun((input: StepInput) => smaller(input), { cost: costs.smaller, requires: forOrders("params") }),
      backup: fetchFrom(remedies.snapshot, {
        cost: costs.snapshot,
        requires: forOrders("backup"),
        allow: ({ tags }) => tags["freshness"] !== "critical",
      }),
      rollback: undoAndReplay({
        undo: ({ args }) => remedies.unbook(args[0] as StepInput),
        cost: costs.unbook,
        requires: ({ service }) => service === "warehouse",
      }),
      giveUp: escalate(),
    },
    reward: rates,
    classes,
    guard: {
      maxAttempts: 8,
      deadlineMs: 9000,
      maxInferenceMs: 50, // three contestants and their servers share this process
      retryBudget: tokenBucket({ perSuccess: 0.2, max: 40, perSecond: 20 }),
      breaker: sampling({ ratio: 0.5, windowMs: 1000, minimumCalls: 8, openMs: 500 }),
    },
  } satisfies PlannerOptions;
}

/** What an expert would write down for it. */
export function expertRunbook(): Runbook {
  return runbook({
    "TIMEOUT|NETWORK|5XX": [
      "retry:100",
      "source",
      "rollback",
      "retry:500",
      "params",
      "rollback",
      "backup",
      "retry:2000",
    ],
    "429": ["retry:500", "retry:2000", "source", "backup"],
    BADDATA: ["retry:100", "source", "backup", "retry:2000"],
    "*": ["source", "backup", "retry:500", "retry:2000"],
  });
}

function smaller({ meter, ...input }: StepInput): StepInput {
  meter.cost += costs.smaller;
  return { ...input, meter, batch: Math.min(input.batch, heavyBatch) };
}
