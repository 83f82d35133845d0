import { escalate, retry, switchTo } from "../action/build.ts";
import { type Definition, define } from "../definition.ts";
import { category, number } from "../feature/encoding.ts";
import { pretrain } from "../learn/pretrain.ts";
import type { Estimate } from "../simulation/estimate.ts";
import { type Decide, evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import type { BenchService } from "../simulation/recovery-bench-services.ts";
import { failureClasses } from "../simulation/recovery-bench-services.ts";
import { byPolicy } from "./learned-policy.ts";
import type { BenchOptions } from "./options.ts";
import { fixedSteps } from "./static-policies.ts";

/** The same service twice. Nothing that can be seen says that one's replica stands in the same rack. */
export const fateServices: readonly BenchService[] = [fateService("own-rack", 0.9), fateService("same-rack", 0.05)];

function fateService(name: string, replicaInOutage: number): BenchService {
  return {
    name,
    prior: { transient: 0.3, throttle: 0, outage: 0.7, "bad-parameter": 0, missing: 0 },
    passing: { transient: 1, throttle: 10, outage: 30 },
    secondary: { transient: 0.95, throttle: 0.95, outage: replicaInOutage, "bad-parameter": 0, missing: 0 },
  };
}

export interface FateRow {
  readonly strategy: string;
  readonly service: string;
  readonly return: Estimate;
  /** Of the first decisions, how many switch to the replica. */
  readonly switchesFirst: number;
  /** Switches per failure. */
  readonly switches: number;
}

export interface SharedFateReport {
  readonly episodes: number;
  readonly rows: readonly FateRow[];
}

export function fateProblem(): Definition {
  return define({
    name: "shared-fate",
    features: ({ service, timeShare }) => ({ service, timeShare }),
    encoding: { service: category(fateServices.map(({ name }) => name)), timeShare: number({ scale: 1 }) },
    actions: {
      retry: retry({ delaysMs: [50, 1000, 8000, 30_000] }),
      source: switchTo(() => undefined, { cost: 0.05, idempotent: true }),
      giveUp: escalate(),
    },
    classes: failureClasses,
    reward: { success: 1, perSecond: -0.004, perCall: -0.02, escalate: -0.6, deadline: -1 },
  });
}

/** Whether experience teaches where failing over is of no use. */
export async function benchSharedFate({ seed, quick, onProgress }: BenchOptions): Promise<SharedFateReport> {
  const definition = fateProblem();
  const options = { totalSteps: quick ? 60_000 : 150_000, hidden: [32] };
  const { policy } = await pretrain(definition, recoveryBench({ id: "SharedFate", services: fateServices }), {
    seed,
    options,
  });
  onProgress?.("judged");
  const { choices } = definition;
  const waits = ["retry:1000", "retry:8000", "retry:30000", "retry:30000"];
  const strategies: readonly [string, () => Decide][] = [
    ["fail over first", () => fixedSteps(choices, ["source", ...waits])],
    ["wait only", () => fixedSteps(choices, waits)],
    ["planner", () => byPolicy(definition, policy, seed)],
  ];
  const episodes = quick ? 5_000 : 50_000;
  const rows = strategies.flatMap(([strategy, decide]) =>
    fateServices.map((service) => ({ strategy, ...judge(definition, decide(), service, episodes, seed) })),
  );
  return { episodes, rows };
}

function judge(definition: Definition, decide: Decide, service: BenchService, episodes: number, seed: number) {
  let [switchesFirst, switches] = [0, 0];
  const counting: Decide = (run) => {
    const index = decide(run);
    if (definition.choices[index]?.key === "source") {
      switches += 1;
      if (run.failure.history.length === 0) switchesFirst += 1;
    }
    return index;
  };
  const simulator = recoveryBench({ id: "SharedFate", services: [service] });
  const { return: estimate } = evaluateRecovery(simulator, definition, counting, { episodes, seed });
  return {
    service: service.name,
    return: estimate,
    switchesFirst: switchesFirst / episodes,
    switches: switches / episodes,
  };
}
