import { mean } from "../../math/statistics.ts";
import { type Definition, define } from "../definition.ts";
import { type Learner, pretrain } from "../learn/pretrain.ts";
import type { RecoveryPolicy } from "../policy.ts";
import { type Estimate, estimateOverSeeds, pooled } from "../simulation/estimate.ts";
import {
  type Decide,
  evaluateRecovery,
  matchedSeconds,
  type RecoveryEvaluation,
  type RecoveryRow,
  rowOf,
} from "../simulation/evaluate-recovery.ts";
import { type RecoveryBenchEpisode, recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import type { Simulator } from "../simulation/simulator.ts";
import { byPolicy } from "./learned-policy.ts";
import type { BenchOptions } from "./options.ts";
import { benchProblem } from "./problem.ts";
import { progressOver } from "./progress-over.ts";
import { byRunbook, fixedPolicies, fixedSteps, informed } from "./static-policies.ts";

type TrainingOptions = Readonly<Record<string, unknown>> & { readonly totalSteps: number };

export const recoveryBenchmarkDefaults = {
  /** That each policy is judged on; those of a learned one are shared among its seeds. */
  episodes: 200_000,
  /** Trainings of each algorithm. */
  seeds: 5,
  /** Trainings under drift. */
  driftSeeds: 2,
  /** Options of the algorithms, beyond `recoverySettings`. */
  ppo: { totalSteps: 500_000 } as TrainingOptions,
  reinforce: { totalSteps: 1_000_000 } as TrainingOptions,
};

export type RecoveryBenchmarkSettings = Readonly<typeof recoveryBenchmarkDefaults>;

/** The rows of the table, in its order. */
export const rowNames = [
  "backoff3",
  "backoff7",
  "backoffSourceBackup",
  "runbook",
  "informed",
  "reinforce",
  "ppo",
] as const;

export type RowName = (typeof rowNames)[number];

/** The runbook beside what PPO learned, on the same episodes. */
export interface Comparison {
  readonly runbook: Estimate;
  readonly learned: Estimate;
}

export interface RecoveryBenchmark {
  readonly settings: RecoveryBenchmarkSettings;
  readonly rows: Readonly<Record<RowName, RecoveryRow>>;
  readonly byService: Readonly<Record<string, Comparison>>;
  /** Outages more common by .5: what was learned before, and what is learned anew. */
  readonly drift: Comparison & { readonly retrained: Estimate };
  /** Mean seconds over the episodes that both saved. */
  readonly timeToRecovery: { readonly episodes: number; readonly runbook: number; readonly learned: number };
  /** sha256 of each trained policy's parameters. */
  readonly hashes: Readonly<Record<"reinforce" | "ppo", readonly string[]>>;
}

type World = Simulator<RecoveryBenchEpisode>;

/** What ends in seconds: fewer seeds, fewer episodes, shorter trainings. */
const quickSettings: RecoveryBenchmarkSettings = {
  episodes: 20_000,
  seeds: 2,
  driftSeeds: 1,
  ppo: { totalSteps: 200_000 },
  reinforce: { totalSteps: 200_000, minSteps: 600, learningRate: 6e-3 },
};

/** RecoveryBench-0's table, and what it does not show: by service, under drift, time to recovery matched. */
export async function benchRecovery(
  { seed, quick, onProgress }: BenchOptions,
  settings: Partial<RecoveryBenchmarkSettings> = {},
): Promise<RecoveryBenchmark> {
  const config = { ...(quick ? quickSettings : recoveryBenchmarkDefaults), ...settings };
  const { episodes, seeds, driftSeeds, ppo, reinforce } = config;
  const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
  const { choices } = definition;
  const [usual, drifted] = [recoveryBench(), recoveryBench({ drift: 0.5 })];
  const judge = createJudge(definition, seed, Math.ceil(episodes / seeds));
  const runbook = byRunbook(choices);

  // Seconds on one core: only a stage's share of the whole hangs on them.
  const pieces = [
    episodes * 8e-5,
    seeds * reinforce.totalSteps * 1.3e-5,
    seeds * ppo.totalSteps * 2e-5,
    driftSeeds * ppo.totalSteps * 2e-5,
  ];
  const progress = progressOver(pieces, onProgress);
  const train = (
    piece: number,
    what: string,
    count: number,
    world: World,
    options: TrainingOptions,
    learner?: Learner,
  ) =>
    trainPolicies(definition, world, { seed, count, options, learner }, (i, steps) => {
      const { totalSteps } = options;
      progress(piece, `${what}, seed ${i + 1} of ${count}`, i * totalSteps + steps, count * totalSteps, "steps");
    });

  const fixed: readonly [RowName, Decide<RecoveryBenchEpisode>][] = [
    ["backoff3", fixedSteps(choices, fixedPolicies.backoff3)],
    ["backoff7", fixedSteps(choices, fixedPolicies.backoff7)],
    ["backoffSourceBackup", fixedSteps(choices, fixedPolicies.backoffSourceBackup)],
    ["runbook", runbook],
    ["informed", informed(choices, recoveryBenchServices)],
  ];
  const rows: Partial<Record<RowName, RecoveryRow>> = {};
  fixed.forEach(([name, decide], i) => {
    progress(0, name, i * episodes, fixed.length * episodes, "episodes");
    rows[name] = rowOf(evaluateRecovery(usual, definition, decide, { episodes, seed }));
  });

  const scoreFunction = await loadReinforce();
  const byReinforce = await train(1, "reinforce", seeds, usual, reinforce, scoreFunction);
  const byPpo = await train(2, "ppo", seeds, usual, ppo);
  const retrained = await train(3, "ppo under drift", driftSeeds, drifted, ppo);

  const learned = judge.policies(usual, byPpo);
  const reference = judge.policy(usual, runbook, seeds);
  return {
    settings: config,
    rows: { ...rows, reinforce: mergedRow(judge.policies(usual, byReinforce)), ppo: mergedRow(learned) } as Record<
      RowName,
      RecoveryRow
    >,
    byService: compareServices(reference, learned),
    drift: {
      runbook: pooled(returnsOf(judge.policy(drifted, runbook, seeds))),
      learned: estimateOverSeeds(returnsOf(judge.policies(drifted, byPpo))),
      retrained: estimateOverSeeds(returnsOf(judge.policies(drifted, retrained))),
    },
    timeToRecovery: matched(reference, learned),
    hashes: { reinforce: byReinforce.map(({ hash }) => hash), ppo: byPpo.map(({ hash }) => hash) },
  };
}

async function loadReinforce(): Promise<Learner> {
  const { reinforce } = await import("../../algorithm/reinforce.ts");
  return { name: "reinforce", run: reinforce as Learner["run"] };
}

interface Training {
  readonly seed: number;
  readonly count: number;
  readonly options: TrainingOptions;
  readonly learner: Learner | undefined;
}

async function trainPolicies(
  definition: Definition,
  world: World,
  { seed, count, options, learner }: Training,
  onSteps: (i: number, steps: number) => void,
): Promise<RecoveryPolicy[]> {
  const policies: RecoveryPolicy[] = [];
  for (let i = 0; i < count; i++) {
    onSteps(i, 0);
    const { policy } = await pretrain(definition, world, {
      seed: seed + i,
      options,
      ...(learner && { algorithm: learner }),
      onProgress: ({ steps }) => onSteps(i, Math.min(steps, options.totalSteps)),
    });
    policies.push(policy);
  }
  return policies;
}

/** Judges the i-th policy on episodes of its own, the same for every kind of policy. */
function createJudge(definition: Definition, seed: number, episodes: number) {
  const place = (i: number) => seed + 1000 + i;
  const evaluate = (world: World, decide: Decide<RecoveryBenchEpisode>, i: number) =>
    evaluateRecovery(world, definition, decide, { episodes, seed: place(i) });
  return {
    policies: (world: World, policies: readonly RecoveryPolicy[]) =>
      policies.map((policy, i) => evaluate(world, byPolicy(definition, policy, place(i)), i)),
    policy: (world: World, decide: Decide<RecoveryBenchEpisode>, count: number) =>
      Array.from({ length: count }, (_, i) => evaluate(world, decide, i)),
  };
}

function returnsOf(evaluations: readonly RecoveryEvaluation[]): Estimate[] {
  return evaluations.map((evaluation) => evaluation.return);
}

function mergedRow(evaluations: readonly RecoveryEvaluation[]): RecoveryRow {
  const average = (part: "success" | "escalated" | "seconds" | "calls" | "wastedRetries") =>
    mean(evaluations.map((evaluation) => evaluation[part]));
  return {
    return: estimateOverSeeds(returnsOf(evaluations)),
    success: average("success"),
    escalated: average("escalated"),
    seconds: average("seconds"),
    calls: average("calls"),
    wastedRetries: average("wastedRetries"),
  };
}

function compareServices(
  runbook: readonly RecoveryEvaluation[],
  learned: readonly RecoveryEvaluation[],
): Record<string, Comparison> {
  const of = (evaluations: readonly RecoveryEvaluation[], name: string) =>
    evaluations.map(({ byService }) => byService[name]);
  return Object.fromEntries(
    recoveryBenchServices.map(({ name }) => [
      name,
      { runbook: pooled(of(runbook, name)), learned: estimateOverSeeds(of(learned, name)) },
    ]),
  );
}

function matched(runbook: readonly RecoveryEvaluation[], learned: readonly RecoveryEvaluation[]) {
  const pairs = learned.map(({ results }, i) => matchedSeconds(runbook[i].results, results));
  const episodes = pairs.reduce((sum, pair) => sum + pair.episodes, 0);
  const seconds = (side: "first" | "second") =>
    pairs.reduce((sum, pair) => sum + pair[side] * pair.episodes, 0) / episodes;
  return { episodes, runbook: seconds("first"), learned: seconds("second") };
}
