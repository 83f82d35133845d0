import type { DecisionRecord } from "../record/decision-record.ts";
import { grouped } from "./grouped.ts";

/** What policy and runbook answer the first failure of an episode with, for one service and class. */
export interface FirstChoices {
  readonly service: string;
  readonly class: string;
  readonly episodes: number;
  /** What the policy would take most often, and in which share of the episodes; null where none was consulted. */
  readonly policy: Favourite | null;
  readonly baseline: Favourite;
}

export interface Favourite {
  readonly choice: string;
  readonly share: number;
}

/** By service and class, of the decisions that open an episode. */
export function firstChoices(records: readonly DecisionRecord[]): FirstChoices[] {
  const cells = grouped(
    records.filter(({ step }) => step === 0),
    (record) => JSON.stringify([record.service, record.class]),
  );
  return [...cells.keys()].sort().map((key) => {
    const own = cells.get(key) ?? [];
    const consulted = own.flatMap(({ policyProbabilities, choices }) =>
      policyProbabilities ? [choices[likeliest(policyProbabilities)]] : [],
    );
    return {
      service: own[0].service,
      class: own[0].class,
      episodes: own.length,
      policy: consulted.length > 0 ? favourite(consulted) : null,
      baseline: favourite(own.map(({ baseline }) => baseline)),
    };
  });
}

function favourite(names: readonly string[]): Favourite {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [[choice, count]] = [...counts].sort((a, b) => b[1] - a[1]);
  return { choice, share: count / names.length };
}

function likeliest(probabilities: readonly number[]): number {
  return probabilities.indexOf(probabilities.reduce((a, b) => Math.max(a, b)));
}
