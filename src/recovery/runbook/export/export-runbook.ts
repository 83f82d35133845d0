import type { Definition } from "../../definition.ts";
import type { DecisionRecord } from "../../record/decision-record.ts";
import { type Estimate, estimate } from "../../simulation/estimate.ts";
import { evaluateRecovery } from "../../simulation/evaluate-recovery.ts";
import type { Simulator } from "../../simulation/simulator.ts";
import { type Runbook, runbook } from "../runbook.ts";
import { runbookToYaml } from "../runbook-yaml.ts";
import { growRules } from "./grow-rules.ts";
import { dimensionsOf, statesOf } from "./state.ts";
import { type Advise, type Visit, visitsIn, visitsOf } from "./visit.ts";

export interface ExportOptions {
  /** Most rules. */
  readonly maxRules?: number;
  /** Return that may be given up for a table with fewer rules. */
  readonly tolerance?: number;
  /** In which the states are gathered that the table is fitted to. */
  readonly episodes?: number;
  /** In which the loss is measured, with the same chance for policy and table. */
  readonly evaluationEpisodes?: number;
  readonly seed?: number;
  /** Whose rules stand below those that were learned, for failures that the policy never met; without it they are escalated. */
  readonly otherwise?: Pick<Runbook, "rules">;
}

/** A learned policy as a table that a person can read and merge. */
export interface ExportedRunbook {
  readonly runbook: Runbook;
  /** The file, with what was measured at its head. */
  readonly yaml: string;
  /** What was measured; null where there was only a log. */
  readonly measured: { readonly policy: Estimate; readonly table: Estimate; readonly loss: Estimate } | null;
}

const defaults: Required<Omit<ExportOptions, "otherwise">> = {
  maxRules: 24,
  tolerance: 0.003,
  episodes: 20_000,
  evaluationEpisodes: 100_000,
  seed: 0,
};

/** Sizes are compared over fewer episodes than the one that is chosen is judged by. */
const TRIAL_SHARE = 0.2;
/** A split must gain this share of all decisions. */
const LEAST_GAIN = 5e-4;

/** The table that does most of what the policy does, fitted to states of both, and what is lost by it. */
export function exportRunbook(
  definition: Definition,
  advise: Advise,
  simulator: Simulator,
  options: ExportOptions = {},
): ExportedRunbook {
  const { maxRules, tolerance, episodes, evaluationEpisodes, seed } = { ...defaults, ...options };
  const { choices, features } = definition;
  const own = { episodes, seed };
  const byPolicy = visitsIn(simulator, definition, advise, (_, __, probabilities) => likeliest(probabilities), own);
  const first = tablesOf(byPolicy, definition, maxRules).at(-1)!;
  // Where the table errs, it meets failures that the policy never does: Ross et al. 2011, https://arxiv.org/abs/1011.0686.
  const byTable = visitsIn(
    simulator,
    definition,
    advise,
    (failure, mask) => first.choose(failure, choices, mask, features(failure)),
    { episodes, seed: seed + 1 },
  );
  const tables = tablesOf([...byPolicy, ...byTable], definition, maxRules);

  const returns = (table: Runbook | null, count: number, from: number) =>
    evaluateRecovery(
      simulator,
      definition,
      ({ failure, mask }) =>
        table ? table.choose(failure, choices, mask, features(failure)) : likeliest(advise(failure, mask)),
      { episodes: count, seed: from },
    ).results.returns;
  const trials = Math.max(1, Math.floor(TRIAL_SHARE * evaluationEpisodes));
  const means = tables.map((table) => estimate(returns(table, trials, seed + 2)).mean);
  const best = means.reduce((a, b) => Math.max(a, b));
  const table = tables[means.findIndex((mean) => mean >= best - tolerance)];

  const [learned, tabled] = [null, table].map((judged) => returns(judged, evaluationEpisodes, seed + 3));
  const measured = {
    policy: estimate(learned),
    table: estimate(tabled),
    loss: estimate(learned.map((value, i) => value - tabled[i])),
  };
  const comment = [
    `The learned policy of ${definition.name} as a table of ${table.rules.length} rules.`,
    `In ${simulator.id}, over ${evaluationEpisodes} episodes: the policy returns ${told(measured.policy)}, this table ${told(measured.table)};`,
    `written down, the policy loses ${told(measured.loss)}, with the same chance for both.`,
  ];
  return { ...written(table, options.otherwise, comment), measured };
}

/** The same from the decisions of a log, for which the policy was consulted. Nothing can be measured by it. */
export function exportRunbookFromLog(
  definition: Pick<Definition, "name" | "choices">,
  records: Iterable<DecisionRecord>,
  { maxRules = defaults.maxRules, otherwise }: Pick<ExportOptions, "maxRules" | "otherwise"> = {},
): ExportedRunbook {
  const visits = visitsOf(records);
  if (visits.length === 0)
    throw new RangeError("exportRunbookFromLog: for no decision of the log a policy was consulted.");
  const table = tablesOf(visits, definition, maxRules).at(-1)!;
  const comment = [
    `The learned policy of ${definition.name} as a table of ${table.rules.length} rules, from ${visits.length} logged decisions.`,
    "What is lost by writing it down was not measured.",
  ];
  return { ...written(table, otherwise, comment), measured: null };
}

/** The table as a runbook and as a file, above the rules that are there for what the policy never met. */
function written(table: Runbook, otherwise: ExportOptions["otherwise"], comment: readonly string[]) {
  const isOpen = table.rules.at(-1)?.when !== undefined;
  const rest = isOpen ? (otherwise?.rules ?? []) : [];
  const whole =
    rest.length > 0
      ? runbook({
          rules: [...table.rules, ...rest.map((rule) => ({ ...rule, note: "not learned: as it was before" }))],
        })
      : table;
  const end =
    rest.length > 0
      ? "Failures that no learned rule names go by the rules from before, which stand below."
      : "Failures that no rule names are escalated.";
  return { runbook: whole, yaml: runbookToYaml(whole, [...comment, ...(isOpen ? [end] : [])].join("\n")) };
}

function tablesOf(visits: readonly Visit[], { choices }: Pick<Definition, "choices">, most: number): Runbook[] {
  const dimensions = dimensionsOf(visits);
  const states = statesOf(visits, dimensions, choices);
  return growRules(states, dimensions, choices, { most, least: LEAST_GAIN }).map((rules) => runbook({ rules }));
}

function likeliest(probabilities: Float32Array): number {
  return probabilities.indexOf(probabilities.reduce((a, b) => Math.max(a, b)));
}

function told({ mean, ci95: [low, high] }: Estimate): string {
  return `${mean.toFixed(3)} ± ${((high - low) / 2).toFixed(3)}`;
}
