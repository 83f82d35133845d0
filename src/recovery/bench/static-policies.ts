import type { Choice } from "../action/action.ts";
import { type Runbook, type RunbookTable, runbook } from "../runbook/runbook.ts";
import type { Decide } from "../simulation/evaluate-recovery.ts";
import type { RecoveryBenchEpisode } from "../simulation/recovery-bench.ts";
import type { BenchService } from "../simulation/recovery-bench-services.ts";

/** The same steps whatever is seen, then giving up. */
export function fixedSteps(choices: readonly Choice[], steps: readonly string[]): Decide {
  return ({ failure }) => placeOf(choices, steps[failure.history.length]);
}

export const fixedPolicies = {
  backoff3: ["retry:50", "retry:1000", "retry:1000"],
  backoff7: ["retry:50", "retry:1000", "retry:1000", "retry:8000", "retry:8000", "retry:30000", "retry:30000"],
  backoffSourceBackup: ["retry:50", "retry:1000", "retry:8000", "source", "backup"],
} as const;

/** What an expert would write down, by class of error. */
export const expertRules: RunbookTable = {
  "TIMEOUT|5XX": ["retry:1000", "source", "retry:8000", "backup"],
  "429": ["retry:8000", "retry:30000", "source", "backup"],
  "4XX": ["params", "rollback"],
  NODATA: ["source", "backup"],
};

export function byRunbook(choices: readonly Choice[], { choose }: Runbook = runbook(expertRules)): Decide {
  return ({ failure, mask }) => choose(failure, choices, mask);
}

/** What an expert would do who is told the cause. */
export function informed(choices: readonly Choice[], services: readonly BenchService[]): Decide<RecoveryBenchEpisode> {
  const secondary = new Map(services.map((service) => [service.name, service.secondary]));
  return ({ failure, episode }) => {
    const canSwitch = (secondary.get(episode.service)?.outage ?? 0) > 0.5;
    const steps = informedSteps(episode, canSwitch);
    return placeOf(choices, steps[failure.history.length]);
  };
}

function informedSteps({ cause, tags }: RecoveryBenchEpisode, canSwitch: boolean): readonly string[] {
  const isCritical = tags["freshness"] === "critical";
  switch (cause) {
    case "transient":
      return ["retry:1000", "retry:8000", "retry:8000", "retry:8000", "source", "backup"];
    case "throttle":
      return ["retry:30000", "retry:30000", "source", "backup"];
    case "outage":
      if (canSwitch) return ["source", "backup"];
      return isCritical ? ["retry:30000"] : ["backup", "retry:30000"];
    case "bad-parameter":
      return ["params", "params", "params", "params"];
    case "missing":
      return isCritical ? ["rollback", "source"] : ["backup", "rollback"];
    default:
      throw new TypeError(`informed: unknown cause ${JSON.stringify(cause satisfies never)}.`);
  }
}

/** −1, which nothing allows, where there is no such choice. */
function placeOf(choices: readonly Choice[], name: string | undefined): number {
  return choices.findIndex((choice) => choice.name === name);
}
