import type { Action } from "../action/action.ts";
import { escalate, fetchFrom, rerun, retry, switchTo, undoAndReplay } from "../action/build.ts";
import type { Problem } from "../definition.ts";
import type { Failure } from "../failure.ts";
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

const common = {
  name: "recovery-bench",
  actions,
  classes: failureClasses,
  reward: { success: 1, perSecond: -0.004, perCall: -0.02, escalate: -0.6, deadline: -1 },
  guard: { maxAttempts: 8, deadlineMs: 90_000 },
} satisfies Partial<Problem>;

const seen = ({ tags, timeShare }: Failure) => ({ critical: tags["freshness"] === "critical", timeShare });
const encoding = { critical: flag(), timeShare: number({ scale: 1 }) };

/** RecoveryBench-0 as a service owner would state it, who knows the services by name. */
export function benchProblem(services: readonly string[]): Problem {
  return {
    ...common,
    features: (failure) => ({ service: failure.service, ...seen(failure) }),
    encoding: { service: category(services), ...encoding },
  };
}

/** The same, for whatever service comes: nothing is known but what a failure shows. */
export function anonymousProblem(): Problem {
  return { ...common, features: seen, encoding };
}
