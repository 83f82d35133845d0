import { createRandom } from "../../math/random.ts";
import { type Definition, define } from "../definition.ts";
import { evaluateLog, type LogReport } from "../learn/evaluate-log.ts";
import { type LogLearningOptions, learnFromLog } from "../learn/learn-from-log.ts";
import { pretrain } from "../learn/pretrain.ts";
import type { RecoveryPolicy } from "../policy.ts";
import { runbook } from "../runbook/runbook.ts";
import type { Estimate } from "../simulation/estimate.ts";
import { type Decide, evaluateRecovery, type RecoveryEvaluation } from "../simulation/evaluate-recovery.ts";
import { logSimulator } from "../simulation/log-simulator.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import { simulatedLog } from "../simulation/simulated-log.ts";
import { byPolicy } from "./learned-policy.ts";
import type { BenchOptions } from "./options.ts";
import { benchProblem } from "./problem.ts";
import { progressOver } from "./progress-over.ts";
import { byRunbook, expertRules } from "./static-policies.ts";

export const learnFromLogDefaults = {
  /** Failures in the log. */
  failures: 20_000,
  /** ε of the runbook that wrote it, among all that is allowed but giving up. */
  epsilon: 0.3,
  /** That each policy is judged on, in the true world. */
  episodes: 50_000,
  /** Of the training in the world that is made of the log. */
  steps: 200_000,
  learn: {} as Partial<LogLearningOptions>,
};

export type LearnFromLogSettings = Readonly<typeof learnFromLogDefaults>;

const quickSettings: LearnFromLogSettings = {
  ...learnFromLogDefaults,
  failures: 2000,
  episodes: 10_000,
  steps: 30_000,
  learn: { members: 2, rounds: 1, hidden: [32], minSteps: 300, epochs: 3, fit: { hidden: [32], minSteps: 800 } },
};

/** A policy in the true world. */
export type JudgedPolicy = Pick<RecoveryEvaluation, "return" | "byService">;

/** What a log says of a policy's share in every decision, and what is true. */
export interface AskedLog {
  /** The one that taught the policy, or another of the same size. */
  readonly log: "own" | "other";
  readonly share: number;
  readonly supported: boolean;
  readonly reason: string | null;
  /** As a share of the log. */
  readonly effectiveShare: number;
  readonly uplift: LogReport["uplift"];
  /** Gain over the runbook in the true world. */
  readonly truth: number;
}

export interface LearnFromLogReport {
  readonly settings: LearnFromLogSettings;
  readonly seed: number;
  readonly decisions: number;
  readonly runbook: JudgedPolicy;
  /** From the log itself. */
  readonly learned: JudgedPolicy;
  /** In a simulator made of the log, by PPO. */
  readonly pretrained: JudgedPolicy;
  /** Of the policy learned from the log: the whole of it, a half, a fifth. */
  readonly asked: readonly AskedLog[];
}

/** What a log of RecoveryBench's failures teaches without a single new one, and what it can say of that. */
export async function benchLearnFromLog(
  { seed, quick, onProgress }: BenchOptions,
  settings: Partial<LearnFromLogSettings> = {},
): Promise<LearnFromLogReport> {
  const config = { ...(quick ? quickSettings : learnFromLogDefaults), ...settings };
  const { failures, epsilon, episodes, steps } = config;
  const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
  const world = recoveryBench();
  // Seconds on one core.
  const progress = progressOver([failures * 8e-4, steps * 3e-5, failures * 1e-3], onProgress);
  const baseline = runbook(expertRules);
  const exploration = { epsilon, among: "legal" } as const;
  const record = (logSeed: number) => [
    ...simulatedLog(definition, world, { episodes: failures, seed: logSeed, baseline, exploration }),
  ];
  const log = record(seed);

  progress(0, `learning from ${log.length} decisions`, 0, 1, "policies");
  const learned = learnFromLog(definition, log, { ...config.learn, seed });
  const { policy: pretrained } = await pretrain(definition, logSimulator(definition, log), {
    seed,
    options: { totalSteps: steps },
    onProgress: (at) => progress(1, "PPO in the log's world", at.steps, Math.max(at.steps, at.totalSteps), "steps"),
  });

  const judge = (decide: Decide) => evaluateRecovery(world, definition, decide, { episodes, seed: seed + 1000 });
  const expert = judge(byRunbook(definition.choices));
  const shares = [1, 0.5, 0.2];
  const truths = shares.map(
    (share) => judge(mixture(definition, learned.policy, share, seed)).return.mean - expert.return.mean,
  );
  const logs = { own: log, other: record(seed + 5000) };
  const asked = (["own", "other"] as const).flatMap((name, i) =>
    shares.map((share, k): AskedLog => {
      progress(2, `asking about ${100 * share} % of it`, i * shares.length + k, 2 * shares.length, "policies");
      const said = evaluateLog(definition, logs[name], learned.policy, { share });
      const { supported, reason, uplift, candidate, episodes: size } = said;
      const effectiveShare = (candidate.diagnostics?.effectiveSampleSize ?? 0) / size;
      return { log: name, share, supported, reason, effectiveShare, uplift, truth: truths[k] };
    }),
  );
  return {
    settings: config,
    seed,
    decisions: log.length,
    runbook: judged(expert),
    learned: judged(judge(byPolicy(definition, learned.policy, seed))),
    pretrained: judged(judge(byPolicy(definition, pretrained, seed))),
    asked,
  };
}

/** Of each decision, the policy has its share and the expert's runbook the rest. */
function mixture(definition: Definition, policy: RecoveryPolicy, share: number, seed: number): Decide {
  const [learned, expert] = [byPolicy(definition, policy, seed), byRunbook(definition.choices)];
  const random = createRandom(seed + 2000);
  return (run) => (random.uniform() < share ? learned(run) : expert(run));
}

function judged({ return: value, byService }: RecoveryEvaluation): {
  return: Estimate;
  byService: RecoveryEvaluation["byService"];
} {
  return { return: value, byService };
}
