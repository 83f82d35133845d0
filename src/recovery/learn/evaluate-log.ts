import { difference } from "../../estimate/off-policy/difference.ts";
import { weightedDoublyRobust } from "../../estimate/off-policy/episode-estimators.ts";
import { type EpisodesValues, evaluateOffPolicyEpisodes } from "../../estimate/off-policy/evaluate-episodes.ts";
import { fittedQEvaluation, rewardModel } from "../../estimate/off-policy/fitted-q-evaluation.ts";
import { studentInterval } from "../../estimate/off-policy/interval.ts";
import type { LoggedEpisodes } from "../../estimate/off-policy/logged-episodes.ts";
import type { OffPolicyReport } from "../../estimate/off-policy/off-policy-report.ts";
import { ridgeRegression } from "../../estimate/off-policy/regression.ts";
import type { Definition } from "../definition.ts";
import { behaviour, noExploration } from "../planner/behaviour.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { type LogRows, logRows } from "./log-rows.ts";

/** What a decision log says of a policy. It can veto; only a canary proves. */
export interface LogReport {
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

/** Regressions of FQE: an episode has no more decisions that matter. */
const STEPS = 12;

export interface LogQuestion {
  /** Of each decision, the policy's share; the runbook has the rest. A full policy soon leaves what a log can tell, a mixture later. */
  readonly share?: number;
}

/** Asks a log what a policy would have earned, and what its runbook would have. */
export function evaluateLog(
  definition: Definition,
  records: Iterable<DecisionRecord>,
  policy: RecoveryPolicy,
  { share = 1 }: LogQuestion = {},
): LogReport {
  if (!(share > 0 && share <= 1)) throw new RangeError(`evaluate: share must lie in (0, 1], got ${share}.`);
  const rows = logRows(definition, records);
  const { size, episodes, leftOut } = rows;
  if (episodes < 2) {
    throw new RangeError(
      `evaluate: ${definition.name} needs a log of at least 2 whole episodes, got ${episodes} (${leftOut} decisions left out).`,
    );
  }
  const log = episodesOf(rows);
  const [candidateLog, baselineLog] = [
    chancesOf(definition, rows, policy, share),
    chancesOf(definition, rows, null, 1),
  ].map((chances) => withModel(definition, rows, log, chances));
  const candidate = evaluateOffPolicyEpisodes(candidateLog);
  const baseline = evaluateOffPolicyEpisodes(baselineLog);
  const refused = [candidate, baseline].find(({ supported }) => !supported);
  const gain = studentInterval(
    difference(weightedDoublyRobust(candidateLog, 1), weightedDoublyRobust(baselineLog, 1)),
    0.95,
  );
  return {
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
  const width = chances.length / size;
  const lengths: number[] = [];
  for (let i = 0, start = 0; i < size; i++) {
    if (terminated[i] === 0) continue;
    lengths.push(i + 1 - start);
    start = i + 1;
  }
  return { lengths, rewards, propensities: Array.from(actions, (action, i) => chances[i * width + action]) };
}

/** The chances of all choices in all rows, [n, choices], by a policy as it would act, or by the runbook. */
function chancesOf(
  { choices, encoder }: Definition,
  rows: LogRows,
  policy: RecoveryPolicy | null,
  share: number,
): Float64Array {
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
  }
  return all;
}

/** The log with a policy's chances, and a model of what they are worth by fitted Q evaluation. */
function withModel(
  { encoder, choices }: Definition,
  rows: LogRows,
  log: ReturnType<typeof episodesOf>,
  chances: Float64Array,
): Required<Pick<LoggedEpisodes, "model">> & LoggedEpisodes {
  const width = choices.length;
  const next = chances.slice();
  next.set(chances.subarray(width));
  const nextObservations = rows.observations.slice();
  nextObservations.set(rows.observations.subarray(encoder.size));
  const batch = { ...rows, nextObservations, nextProbabilities: next };
  const { actionValues } = fittedQEvaluation(batch, ridgeRegression(batch, 1), { discount: 1, iterations: STEPS });
  return {
    ...log,
    probabilities: Array.from(rows.actions, (action, i) => chances[i * width + action]),
    model: rewardModel(actionValues, rows.observations, rows.actions, chances),
  };
}
