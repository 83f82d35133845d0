/** The corrective action planner: what to do when a step fails, learned and guarded. */

// Actions
export type { Action, ActionKind, Choice, Facts, Step } from "./action/action.ts";
export { escalate, fetchFrom, rerun, retry, switchTo, undoAndReplay } from "./action/build.ts";
export type { Limits } from "./action/legality.ts";
// Adapters
export { type AwsErrorInfo, type AwsRetryStrategy, type AwsRetryToken, asAwsRetryStrategy } from "./adapter/aws.ts";
export { asCockatielPolicy, type CockatielContext, type CockatielPolicy } from "./adapter/cockatiel.ts";
export { asTemporalFailure, type TemporalActivity, type TemporalFailureClass } from "./adapter/temporal.ts";
export { asUndiciRetry, type UndiciDispatch, type UndiciHandler, type UndiciRetryHandler } from "./adapter/undici.ts";
// The planner
export type { Exploration } from "./behaviour.ts";
// The problem
export { classify, failureClasses } from "./classify.ts";
export { type Clock, hostClock } from "./clock.ts";
export { type Definition, define, type Problem } from "./definition.ts";
// Explanations
export { createExplainer, type Explainer, type ExplainerOptions, type Sighting } from "./explain/explain.ts";
export type { Explanation, Influence } from "./explain/explanation.ts";
export { explanationLines } from "./explain/explanation-lines.ts";
// Failures, and how a policy sees them
export type { Attempted, BreakerState, Effect, Failure, Symptom } from "./failure.ts";
export type { Encoder, Features, InputGroup } from "./feature/encoder.ts";
export { category, type Encoding, flag, hashed, number, optional } from "./feature/encoding.ts";
// Guards
export { type Breaker, type SamplingOptions, sampling } from "./guard/breaker.ts";
export { type FallbackBudget, fallbackBudget } from "./guard/fallback-budget.ts";
export { type CallSwitch, callSwitch, type KillSwitch } from "./guard/kill-switch.ts";
export type { Specification } from "./guard/specification.ts";
export { type RetryBudget, type TokenBucketOptions, tokenBucket } from "./guard/token-bucket.ts";
// The ladder of trust
export { advance, type LadderRules, ladderDefaults } from "./ladder/advance.ts";
export type { Evidence, LadderEvent, LadderOutcome, Promotion, Seen } from "./ladder/event.ts";
export { createKeeper, type Keeper, type KeeperOptions } from "./ladder/keeper.ts";
export { createLadder, type Ladder, type Transition } from "./ladder/ladder.ts";
export { memoryState } from "./ladder/memory-state.ts";
export type { StateStore } from "./ladder/state-store.ts";
// Learning
export { firstDecisionEnv, learnFirstDecision } from "./learn/contextual-bandit.ts";
export type { LogQuestion, LogReport } from "./learn/evaluate-log.ts";
export type { ImproveEvent, Improvement, ImproveOptions } from "./learn/improve-online.ts";
export type { LearnedFromLog, LogLearningOptions } from "./learn/learn-from-log.ts";
export { networkPolicy } from "./learn/network-policy.ts";
export {
  type Learner,
  type Pretrained,
  type PretrainOptions,
  type PretrainProgress,
  pretrain,
} from "./learn/pretrain.ts";
export { type Learnable, recoveryEnv } from "./learn/recovery-env.ts";
export { BreakerOpenError } from "./planner/breaker-open-error.ts";
export type { FallbackCause, Model } from "./planner/consult.ts";
export { createPlanner, type Planner } from "./planner/create-planner.ts";
export type { Decision, RecoveryEpisode } from "./planner/episode.ts";
export type { Suggestion } from "./planner/episode-host.ts";
export type { Learning, Records } from "./planner/learning.ts";
export type { GuardOptions, PlannerOptions } from "./planner/options.ts";
export type { Signal } from "./planner/signal.ts";
export type { Beginning, StepFacts } from "./planner/step-facts.ts";
export type { RecoveryPolicy } from "./policy.ts";
// Records
export type {
  Decider,
  DecisionLog,
  DecisionRecord,
  FeatureValue,
  Mode,
  RecordedFacts,
} from "./record/decision-record.ts";
export { type Episode, episodes, groupEpisodes } from "./record/episodes.ts";
export { type MemoryLog, memoryLog } from "./record/memory-log.ts";
export { parseRecord } from "./record/parse-record.ts";
// Reports
export { type RecoveryReportOptions, recoveryPage, recoveryReport } from "./report/report-page.ts";
export {
  type ArmSummary,
  type MatchedSeconds,
  type RecoverySummary,
  recoverySummary,
  type ServiceSummary,
} from "./report/summary.ts";
// Rewards
export { defaultRates, type RewardParts, type RewardRates, totalReward } from "./reward.ts";
// Runbooks
export { checkRunbook, type KnownNames } from "./runbook/check-runbook.ts";
export type { Condition, OneOrMore, Range } from "./runbook/condition.ts";
export {
  type ExportedRunbook,
  type ExportOptions,
  exportRunbook,
  exportRunbookFromLog,
} from "./runbook/export/export-runbook.ts";
export { type Advise, adviceOf } from "./runbook/export/visit.ts";
export { type Runbook, type RunbookRule, type RunbookRules, type RunbookTable, runbook } from "./runbook/runbook.ts";
export { parseRunbook, runbookFrom, runbookToJson } from "./runbook/runbook-file.ts";
export { runbookToYaml } from "./runbook/runbook-yaml.ts";
// Simulation
export { type LogSimulatorOptions, logSimulator } from "./simulation/log-simulator.ts";
export { randomServices } from "./simulation/random-services.ts";
export { type RecoveryBenchEpisode, type RecoveryBenchOptions, recoveryBench } from "./simulation/recovery-bench.ts";
export { type BenchService, recoveryBenchServices } from "./simulation/recovery-bench-services.ts";
export type { SimulatedEpisode, SimulatedOutcome, Simulator } from "./simulation/simulator.ts";
// Telemetry
export { type OtelApi, type OtelSpan, type OtelTracer, openTelemetry } from "./telemetry/open-telemetry.ts";
export { type EpisodeSpan, noTelemetry, type Telemetry } from "./telemetry/telemetry.ts";
export { type TestClock, testClock } from "./test-clock.ts";
