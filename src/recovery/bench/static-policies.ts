import type { Failure } from "../failure.ts";
import type { RecoveryBenchEpisode } from "../simulation/recovery-bench.ts";
import type { BenchService } from "../simulation/recovery-bench-services.ts";

/** Names the choice to take. One that is forbidden means giving up. */
export type StaticPolicy = (failure: Failure, episode: RecoveryBenchEpisode) => string;

/** The same steps whatever is seen, then giving up. */
export function fixedSteps(...steps: readonly string[]): StaticPolicy {
  return ({ history }) => steps[history.length] ?? "giveUp";
}

export const backoff3 = fixedSteps("retry:50", "retry:1000", "retry:1000");

export const backoff7 = fixedSteps(
  "retry:50",
  "retry:1000",
  "retry:1000",
  "retry:8000",
  "retry:8000",
  "retry:30000",
  "retry:30000",
);

export const backoffSourceBackup = fixedSteps("retry:50", "retry:1000", "retry:8000", "source", "backup");

const afterTimeout = ["retry:1000", "source", "retry:8000", "backup"];

/** The expert runbook, as lists by class. */
export const expertRules: Readonly<Record<string, readonly string[]>> = {
  TIMEOUT: afterTimeout,
  "5XX": afterTimeout,
  "429": ["retry:8000", "retry:30000", "source", "backup"],
  "4XX": ["params", "rollback"],
  NODATA: ["source", "backup"],
};

/** The first of the seen class's list that was not tried yet and is allowed. */
export const expertRunbook: StaticPolicy = (failure) => {
  const tried = (name: string) => failure.history.some(({ choice }) => choice === name);
  const allowed = (name: string) => name !== "backup" || failure.tags["freshness"] !== "critical";
  return expertRules[failure.class].find((name) => !tried(name) && allowed(name)) ?? "giveUp";
};

/** What a good engineer would do if told the cause. */
export function informedBy(services: readonly BenchService[]): StaticPolicy {
  const chances = new Map(services.map(({ name, secondary }) => [name, secondary]));
  return (failure, { cause, service, tags }) => {
    const isCritical = tags["freshness"] === "critical";
    switch (cause) {
      case "transient":
        return nextOf(failure, "retry:1000", "retry:8000", "retry:8000", "retry:8000", "source", "backup");
      case "throttle":
        return nextOf(failure, "retry:30000", "retry:30000", "source", "backup");
      case "outage":
        return (chances.get(service)?.outage ?? 0) > 0.5
          ? nextOf(failure, "source", "backup")
          : nextOf(failure, ...(isCritical ? [] : ["backup"]), "retry:30000");
      case "bad-parameter":
        return nextOf(failure, "params", "params", "params", "params");
      case "missing":
        return isCritical ? nextOf(failure, "rollback", "source") : nextOf(failure, "backup", "rollback");
      default:
        throw new TypeError(`informedBy: unknown cause ${JSON.stringify(cause satisfies never)}.`);
    }
  };
}

function nextOf({ history }: Failure, ...steps: readonly string[]): string {
  return steps[history.length] ?? "giveUp";
}
