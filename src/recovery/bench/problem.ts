import type { Action } from "../action/action.ts";
import { escalate, fetchFrom, rerun, retry, switchTo, undoAndReplay } from "../action/build.ts";
import type { Problem } from "../definition.ts";
import { category, flag, number } from "../feature/encoding.ts";
import { failureClasses, remedies } from "../simulation/recovery-bench-services.ts";

/** Nothing is called in a simulation. */
const simulated = () => undefined;

const actions: Readonly<Record<string, Action>> = {
  retry: retry({ delaysMs: [50, 1000, 8000, 30_000] }),
  source: switchTo(simulated, { cost: remedies.source.cost, idempotent: true }),
  params: rerun((input) => input, { cost: remedies.params.cost }),
  backup: fetchFrom(simulated, {
    cost: remedies.backup.cost,
    allow: ({ tags }) => tags["freshness"] !== "critical",
  }),
  rollback: undoAndReplay({ undo: () => undefined, cost: remedies.rollback.cost }),
  giveUp: escalate(),
};

/** RecoveryBench-0 as a service owner would state it, who knows the services by name. */
export function benchProblem(services: readonly string[]): Problem {
  return {
    name: "recovery-bench",
    features: ({ service, tags, timeShare }) => ({ service, critical: tags["freshness"] === "critical", timeShare }),
    encoding: { service: category(services), critical: flag(), timeShare: number({ scale: 1 }) },
    actions,
    classes: failureClasses,
    reward: { success: 1, perSecond: -0.004, perCall: -0.02, escalate: -0.6, deadline: -1 },
    guard: { maxAttempts: 8, deadlineMs: 90_000 },
  };
}
