/**
 * Belay: policy-gradient reinforcement learning. The contents, in the order that data flows:
 *
 *   env → rollout → estimate → objective → optimizer → policy → deploy
 */

// Algorithms
export { type A2cConfig, a2c, a2cDefaults } from "./algorithm/a2c.ts";
export { type A3cConfig, a3c, a3cDefaults } from "./algorithm/a3c.ts";
export { type ActorCriticConfig, actorCritic, actorCriticDefaults } from "./algorithm/actor-critic.ts";
export type {
  Algorithm,
  AlgorithmEntry,
  FlatAction,
  MetricName,
  Preset,
  Report,
  Session,
} from "./algorithm/algorithm.ts";
export { type C51Config, c51, c51Defaults } from "./algorithm/c51.ts";
export { type DdpgConfig, ddpg, ddpgDefaults } from "./algorithm/ddpg.ts";
export { type DiscreteSacConfig, discreteSac, discreteSacDefaults } from "./algorithm/discrete-sac.ts";
export { type DoubleDqnConfig, doubleDqn, doubleDqnDefaults } from "./algorithm/double-dqn.ts";
export {
  type DoubleQLearningConfig,
  doubleQLearning,
  doubleQLearningDefaults,
} from "./algorithm/double-q-learning.ts";
export { type DqnConfig, dqn, dqnDefaults } from "./algorithm/dqn.ts";
export { type ExpectedSarsaConfig, expectedSarsa, expectedSarsaDefaults } from "./algorithm/expected-sarsa.ts";
export {
  type FittedQ,
  type FittedQIterationConfig,
  fitActionValues,
  fittedQIteration,
  fittedQIterationDefaults,
} from "./algorithm/fitted-q-iteration.ts";
export type { FixedBatch } from "./algorithm/fixed-batch.ts";
export { NonFiniteError } from "./algorithm/non-finite-error.ts";
export { type PpoConfig, ppo, ppoDefaults } from "./algorithm/ppo.ts";
export { type QLearningConfig, qLearning, qLearningDefaults } from "./algorithm/q-learning.ts";
export { type AlgorithmName, algorithms } from "./algorithm/registry.ts";
export { type ReinforceConfig, reinforce, reinforceDefaults } from "./algorithm/reinforce.ts";
export { type SacConfig, sac, sacDefaults } from "./algorithm/sac.ts";
export { type SarsaConfig, sarsa, sarsaDefaults } from "./algorithm/sarsa.ts";
export { type Td3Config, td3, td3Defaults } from "./algorithm/td3.ts";
export { type TrpoConfig, trpo, trpoDefaults } from "./algorithm/trpo.ts";
export type { Outcome, Question, WorkerHost, WorkerThread } from "./algorithm/worker-host.ts";
// Deployment
export { type ActOptions, type Actor, createActor } from "./deploy/act.ts";
export { type DeployedPolicy, load, type Spaces } from "./deploy/load.ts";
export { decodePolicy, encodePolicy, parametersHash, type TrainingRecord } from "./deploy/policy-file.ts";
// Environments
export { batchEnv } from "./env/batch-env.ts";
export { checkEnv, type Finding } from "./env/check-env.ts";
export type { Countable } from "./env/countable.ts";
export type { Dynamics } from "./env/dynamics.ts";
export { dynamicsEnv } from "./env/dynamics-env.ts";
export type { Env, Episode, Info, Recipe, ResetOptions, Step, VectorEnv } from "./env/env.ts";
export { type BitFlipOptions, bitFlip } from "./env/goal/bit-flip.ts";
export { type GoalEnv, type GoalJudgement, type GoalSpace, isGoalEnv } from "./env/goal-env.ts";
export { type EnvironmentId, type EnvironmentSpec, environments, make, register } from "./env/registry.ts";
export {
  type Box,
  box,
  type Dict,
  type Discrete,
  dict,
  discrete,
  flatSize,
  type MultiBinary,
  type MultiDiscrete,
  multiBinary,
  multiDiscrete,
  type Space,
  type Tuple,
  tuple,
  type ValueOf,
} from "./env/space.ts";
export { contains, decodeAction, encodeAction, flatten, sample } from "./env/space-value.ts";
export { type TabularEnv, type TabularOptions, tabularEnv } from "./env/tabular-env.ts";
export { type BlackjackOptions, blackjack } from "./env/toy-text/blackjack.ts";
export { type CliffWalkingOptions, cliffWalking } from "./env/toy-text/cliff-walking.ts";
export { type FrozenLakeOptions, frozenLake } from "./env/toy-text/frozen-lake.ts";
export { type TaxiOptions, taxi } from "./env/toy-text/taxi.ts";
export type { TransitionOutcome, TransitionTable } from "./env/transition-table.ts";
export { vectorEnv } from "./env/vector-env.ts";
export { clipAction, rescaleAction } from "./env/wrapper/action.ts";
export { frameStack } from "./env/wrapper/frame-stack.ts";
export { normalizeObservation, normalizeReward } from "./env/wrapper/normalize.ts";
export { type NormalizedVectorEnv, normalizeVector } from "./env/wrapper/normalize-vector.ts";
export { recordEpisodeStatistics } from "./env/wrapper/record-episode-statistics.ts";
export { timeLimit } from "./env/wrapper/time-limit.ts";
export { transformAction, transformObservation, transformReward } from "./env/wrapper/transform.ts";
// Estimates
export { bootstrappedTargets } from "./estimate/bootstrapped-targets.ts";
export { projectCategorical } from "./estimate/categorical-projection.ts";
export { discountedReturns } from "./estimate/discounted-returns.ts";
export { explainedVariance } from "./estimate/explained-variance.ts";
export { type Estimates, gae } from "./estimate/gae.ts";
export {
  doublyRobust,
  inversePropensity,
  type OffPolicyEstimate,
  selfNormalized,
  shrunk,
  switched,
} from "./estimate/off-policy/bandit-estimators.ts";
export { missingSupport, type WeightDiagnostics, weightDiagnostics } from "./estimate/off-policy/diagnostics.ts";
export { difference } from "./estimate/off-policy/difference.ts";
export {
  perDecision,
  sequentialDoublyRobust,
  weightedDoublyRobust,
  weightedPerDecision,
} from "./estimate/off-policy/episode-estimators.ts";
export {
  type EpisodesOptions,
  type EpisodesValues,
  evaluateOffPolicyEpisodes,
} from "./estimate/off-policy/evaluate-episodes.ts";
export {
  evaluateOffPolicy,
  type OffPolicyOptions,
  type OffPolicyValues,
} from "./estimate/off-policy/evaluate-off-policy.ts";
export {
  type ActionValueFunction,
  type EvaluationBatch,
  type FittedQEvaluation,
  type FittedQEvaluationOptions,
  fittedQEvaluation,
  type Regress,
  rewardModel,
} from "./estimate/off-policy/fitted-q-evaluation.ts";
export {
  bernsteinInterval,
  bootstrapInterval,
  hoeffdingInterval,
  type Interval,
  type Range,
  studentInterval,
} from "./estimate/off-policy/interval.ts";
export {
  type ActionDistributions,
  importanceWeights,
  type LoggedBandit,
  type RewardModel,
} from "./estimate/off-policy/logged-bandit.ts";
export {
  cumulativeWeights,
  episodeReturns,
  episodeWeights,
  type LoggedEpisodes,
} from "./estimate/off-policy/logged-episodes.ts";
export type { OffPolicyReport, ReportOptions } from "./estimate/off-policy/off-policy-report.ts";
export type { OffPolicyValue } from "./estimate/off-policy/off-policy-value.ts";
export type { SupportRules } from "./estimate/off-policy/refusal.ts";
export { ridgeRegression, tabularRegression } from "./estimate/off-policy/regression.ts";
export { doubleQTargets, qTargets } from "./estimate/q-targets.ts";
export { type VtraceOptions, vtrace } from "./estimate/vtrace.ts";
// Exact solutions
export {
  backwardInduction,
  evaluatePolicy,
  expectedReturn,
  type HorizonSolution,
  policyIteration,
  type Solution,
  type SolveOptions,
  valueIteration,
} from "./exact/dynamic-programming.ts";
export { bestReturn, type LookAheadOptions } from "./exact/look-ahead.ts";
export {
  deterministicPolicy,
  epsilonGreedyPolicy,
  greedyChoices,
  type StationaryPolicy,
} from "./exact/stationary-policy.ts";
// The hot loops
export type { Activation, Kernel, MakeKernel } from "./kernel/kernel.ts";
export { referenceKernel } from "./kernel/reference.ts";
export { wasmKernel } from "./kernel/wasm-kernel.ts";
// Chance and numbers
export { normalProbability, normalQuantile } from "./math/normal.ts";
export { createRandom, type Random, type RandomState } from "./math/random.ts";
export { createRunningMoments, type RunningMoments } from "./math/running-moments.ts";
export { type Schedule, scheduled } from "./math/schedule.ts";
export type { Snapshot } from "./math/snapshot.ts";
export * from "./math/statistics.ts";
export { studentQuantile } from "./math/student-quantile.ts";
export { cos, exp, log, log1p, sin, tanh } from "./math/transcendental.ts";
// Objectives
export { clippedSurrogate } from "./objective/clipped-surrogate.ts";
export { crossEntropy } from "./objective/cross-entropy.ts";
export { huber } from "./objective/huber.ts";
export { adaptKlCoefficient, penalizedSurrogate } from "./objective/kl-penalty.ts";
export { scoreFunction } from "./objective/score-function.ts";
export { softPolicySlope, softValues } from "./objective/soft-value.ts";
export { clippedValueError, squaredError } from "./objective/squared-error.ts";
export { surrogate } from "./objective/surrogate.ts";
export { temperatureLoss } from "./objective/temperature-loss.ts";
// Optimisers
export { adam } from "./optimizer/adam.ts";
export { clipScale } from "./optimizer/clip-norm.ts";
export { createConjugateGradient, type Multiply } from "./optimizer/conjugate-gradient.ts";
export { createLineSearch } from "./optimizer/line-search.ts";
export type { Optimizer, OptimizerName } from "./optimizer/optimizer.ts";
export { rmsProp } from "./optimizer/rms-prop.ts";
export { sgd } from "./optimizer/sgd.ts";
// Policies
export { type ActionValues, type ActionValuesShape, createActionValues } from "./policy/action-values.ts";
export { type ActorCritic, type ActorCriticShape, createActorCritic } from "./policy/actor-critic.ts";
export type { Distribution } from "./policy/distribution/distribution.ts";
export type { Layer, Normalization, Policy } from "./policy/policy.ts";
// Experience
export { type Batch, createMinibatches, type Minibatches, shuffle, wholeBatch } from "./rollout/minibatches.ts";
export { type Collect, createCollector, createRollout, type Rollout } from "./rollout/rollout.ts";

// Runs
export { type Evaluation, evaluate } from "./run/evaluate.ts";
export type { RunEvent } from "./run/event.ts";
export type { Platform } from "./run/platform.ts";
export { resume, run } from "./run/run.ts";
export { RunError } from "./run/run-error.ts";
export { memoryStore, type Store, StoreError } from "./run/store.ts";
export { type Trained, type TrainOptions, train } from "./run/train.ts";
export { version } from "./run/version.ts";
