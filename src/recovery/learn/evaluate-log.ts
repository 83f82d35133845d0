import { difference } from "../../estimate/off-policy/difference.ts";
import { weightedDoublyRobust } from "../../estimate/off-policy/episode-estimators.ts";
import { type EpisodesValues, evaluateOffPolicyEpisodes } from "../../estimate/off-policy/evaluate-episodes.ts";
import { fittedQEvaluation, rewardModel } from "../../estimate/off-policy/fitted-q-evaluation.ts";
import { studentInterval } from "../../estimate/off-policy/interval.ts";
import type { LoggedEpisodes } from "../../estimate/off-policy/logged-episodes.ts";
import type { OffPolicyReport } from "../../estimate/off-policy/off-policy-report.ts";
import { ridgeRegression } from "../../estimate/off-policy/regression.ts";
import { behaviour, noExploration } from "../behaviour.ts";
import type { Definition } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { type LogRows, logRows } from "./log-rows.ts";
import { atOnce, PIECE } from "./pieces.ts";

/** What a decision log says of a policy. It can veto; only a canary proves. */
export interface LogReport {
  /** Of the policy that was asked about. */
  readonly policyHash: string;
  /** Whether the log holds enough of what the policy would do. */
  readonly supported: boolean;
  /** Why not; null where it does. */
  readonly reason: string | null;
  readonly episodes: number;
  readonly decisions: number;
  /** Decisions of broken episodes, or of another planner. */
  readonly leftOut: number;
  readonly candidate: OffPolicyReport<EpisodesValues>;
  readonly baseline: OffPolicyReport<EpisodesValues>;
  /** Return of the candidate less that of the runbook, by weighted doubly robust estimates of the same episodes; null without support. */
  readonly uplift: { readonly mean: number; readonly lower95: number; readonly upper95: number } | null;
}

/** Share of what a policy does that its log need never have done: exploration never gives up. */
const MISSING = 0.01;

/** Regressions of FQE: an episode has no more decisions that matter. */
const STEPS = 12;

export interface LogQuestion {
  /** Of each decision, the policy's share; the runbook has the rest. A full policy soon leaves what a log can tell, a mixture later. */
  readonly share?: number;
  /** Of the bootstrap. */
  readonly resamples?: number;
  /** The model that doubly robust estimates correct is learned from no more decisions than this; from all unless given. */
  readonly modelRows?: number;
}

/** Asks a log what a policy would have earned, and what its runbook would have. */
export function evaluateLog(
  definition: Definition,
  records: Iterable<DecisionRecord>,
  policy: RecoveryPolicy,
  question: LogQuestion = {},
): LogReport {
  return atOnce(evaluatingRows(definition, logRows(definition, records), policy, question));
}

/** The same in pieces. */
export function* evaluatingRows(
  definition: Definition,
  rows: LogRows,
  policy: RecoveryPolicy,
  { share = 1, resamples = 1000, modelRows = Infinity }: LogQuestion = {},
): Generator<void, LogReport, void> {
  if (!(share > 0 && share <= 1)) throw new RangeError(`evaluate: share must lie in (0, 1], got ${share}.`);
  const { size, episodes, leftOut } = rows;
  if (episodes < 2) {
    throw new RangeError(
      `evaluate: ${definition.name} needs a log of at least 2 whole episodes, got ${episodes} (${leftOut} decisions left out).`,
    );
  }
  const log = episodesOf(rows);
  const logOf = function* (of: RecoveryPolicy | null, itsShare: number) {
    const chances = yield* chancesOf(definition, rows, of, itsShare);
    return yield* withModel(definition, rows, log, chances, modelRows);
  };
  const candidateLog = yield* logOf(policy, share);
  const baselineLog = yield* logOf(null, 1);
  const candidate = evaluateOffPolicyEpisodes(candidateLog, { resamples, maxMissingSupport: MISSING });
  yield;
  const baseline = evaluateOffPolicyEpisodes(baselineLog, { resamples, maxMissingSupport: MISSING });
  yield;
  const refused = [candidate, baseline].find(({ supported }) => !supported);
  const gain = studentInterval(
    difference(weightedDoublyRobust(candidateLog, 1), weightedDoublyRobust(baselineLog, 1)),
    0.95,
  );
  return {
    policyHash: policy.hash,
    supported: !refused,
    reason: refused && !refused.supported ? refused.reason : null,
    episodes,
    decisions: size,
    leftOut,
    candidate,
    baseline,
    uplift: refused ? null : { mean: gain.mean, lower95: gain.lower, upper95: gain.upper },
  };
}

/** What is the same for every policy that the log is asked of. */
function episodesOf({ size, actions, chances, terminated, rewards }: LogRows) {
  const lengths: number[] = [];
  for (let i = 0, start = 0; i < size; i++) {
    if (terminated[i] === 0) continue;
    lengths.push(i + 1 - start);
    start = i + 1;
  }
  return { lengths, rewards, propensities: chancesTaken(actions, chances) };
}

/** The chance of what was done, [n]. */
function chancesTaken(actions: Float32Array, chances: Float32Array | Float64Array): Float64Array {
  const width = chances.length / actions.length;
  const taken = new Float64Array(actions.length);
  for (let i = 0; i < taken.length; i++) taken[i] = chances[i * width + actions[i]];
  return taken;
}

/** The chances of all choices in all rows, [n, choices], by a policy as it would act, or by the runbook. */
function* chancesOf(
  { choices, encoder }: Definition,
  rows: LogRows,
  policy: RecoveryPolicy | null,
  share: number,
): Generator<void, Float64Array, void> {
  const width = choices.length;
  const all = new Float64Array(rows.size * width);
  const advice = new Float32Array(width);
  for (let i = 0; i < rows.size; i++) {
    const mask = rows.masks.subarray(i * width, (i + 1) * width);
    policy?.probabilities(rows.observations.subarray(i * encoder.size, (i + 1) * encoder.size), mask, advice);
    const decided = { choices, mask, baseline: rows.baselines[i], advice, byPolicy: policy !== null };
    const chances = behaviour({ ...decided, exploration: noExploration });
    for (let a = 0; a < width; a++) all[i * width + a] = share * chances[a];
    all[i * width + rows.baselines[i]] += 1 - share;
    if (i % PIECE === PIECE - 1) yield;
  }
  return all;
}

/** The log with a policy's chances, and a model of what they are worth by fitted Q evaluation. */
function* withModel(
  { encoder, choices }: Definition,
  rows: LogRows,
  log: ReturnType<typeof episodesOf>,
  chances: Float64Array,
  modelRows: number,
): Generator<void, Required<Pick<LoggedEpisodes, "model">> & LoggedEpisodes, void> {
  const [width, inputs] = [choices.length, encoder.size];
  const batch = sample(rows, chances, inputs, Math.max(1, Math.ceil(rows.size / modelRows)));
  const regress = ridgeRegression(batch, 1);
  yield;
  const { actionValues } = fittedQEvaluation(batch, regress, { discount: 1, iterations: STEPS });
  const model = { actionValues: new Float64Array(rows.size), values: new Float64Array(rows.size) };
  for (let i = 0; i < rows.size; i += PIECE) {
    yield;
    const end = Math.min(rows.size, i + PIECE);
    const observations = rows.observations.subarray(i * inputs, end * inputs);
    const part = rewardModel(
      actionValues,
      observations,
      rows.actions.subarray(i, end),
      chances.subarray(i * width, end * width),
    );
    model.actionValues.set(part.actionValues, i);
    model.values.set(part.values, i);
  }
  return {
    ...log,
    probabilities: chancesTaken(rows.actions, chances),
    distributions: { actions: width, propensities: rows.chances, probabilities: chances },
    model,
  };
}

/** Every so many-th decision with the one that followed; after the last of an episode comes none, whatever stands there. */
function sample(
  { size, observations, actions, rewards, terminated }: LogRows,
  chances: Float64Array,
  inputs: number,
  every: number,
) {
  const width = chances.length / size;
  const count = Math.ceil(size / every);
  const part = {
    size: count,
    observations: new Float32Array(count * inputs),
    nextObservations: new Float32Array(count * inputs),
    actions: new Float32Array(count),
    rewards: new Float32Array(count),
    terminated: new Uint8Array(count),
    nextProbabilities: new Float64Array(count * width),
  };
  for (let k = 0; k < count; k++) {
    const i = k * every;
    const next = Math.min(i + 1, size - 1);
    part.observations.set(observations.subarray(i * inputs, (i + 1) * inputs), k * inputs);
    part.nextObservations.set(observations.subarray(next * inputs, (next + 1) * inputs), k * inputs);
    part.nextProbabilities.set(chances.subarray(next * width, (next + 1) * width), k * width);
    part.actions[k] = actions[i];
    part.rewards[k] = rewards[i];
    part.terminated[k] = terminated[i];
  }
  return part;
}
