import type { Decider, DecisionRecord, Mode } from "../record/decision-record.ts";
import { type Episode, episodes } from "../record/episodes.ts";
import type { RewardParts } from "../reward.ts";
import { type Estimate, estimate } from "../simulation/estimate.ts";
import { type FirstChoices, firstChoices } from "./first-choices.ts";
import { grouped } from "./grouped.ts";
import { type Period, timeline } from "./timeline.ts";

export type ArmName = DecisionRecord["arm"];

/** What came of the episodes that one arm decided. */
export interface ArmSummary {
  readonly episodes: number;
  readonly return: Estimate;
  /** Mean per episode, by component. */
  readonly parts: RewardParts;
  /** Shares of the episodes. */
  readonly success: number;
  readonly escalated: number;
  /** Out of time or attempts. */
  readonly exhausted: number;
  /** Mean over the episodes that were saved, from the first decision; NaN where none was. */
  readonly seconds: number;
  /** Mean per episode, giving up not counted. */
  readonly calls: number;
  /** Retries that failed, mean per episode. */
  readonly wastedRetries: number;
}

export interface ServiceSummary {
  readonly service: string;
  readonly arms: Readonly<Record<ArmName, ArmSummary | null>>;
  /** Policy less runbook; null where one of them decided nothing. */
  readonly uplift: Estimate | null;
}

/** Time to recovery where both arms saved steps, service by service and first class by first class. */
export interface MatchedSeconds {
  /** Pairs of service and class. */
  readonly cells: number;
  /** Saved episodes in them, of both arms. */
  readonly episodes: number;
  /** Mean over the cells, by their episodes. */
  readonly policy: number;
  readonly baseline: number;
}

/** All that a report tells, as plain data. */
export interface RecoverySummary {
  readonly planner: string;
  /** Milliseconds since 1970, of the first and last decision. */
  readonly from: number;
  readonly to: number;
  readonly decisions: number;
  readonly episodes: number;
  /** Episodes of which records are missing; they count nowhere else. */
  readonly torn: number;
  /** Decisions by mode. */
  readonly modes: Readonly<Partial<Record<Mode, number>>>;
  readonly deciders: Readonly<Record<Decider, number>>;
  /** Decisions for which the policy could not be used, by cause. */
  readonly fallbacks: Readonly<Record<string, number>>;
  /** Whether the arms are compared over a canary's episodes, which chance assigned to them, or over all there are. */
  readonly compared: "canary" | "all";
  readonly arms: Readonly<Record<ArmName, ArmSummary | null>>;
  /** Policy less runbook; null where one of them decided nothing. */
  readonly uplift: Estimate | null;
  readonly matched: MatchedSeconds | null;
  readonly services: readonly ServiceSummary[];
  readonly firstChoices: readonly FirstChoices[];
  readonly periods: readonly Period[];
}

/** An arm must have this many episodes of a canary to be compared by them alone. */
const LEAST_CANARY = 30;

/** What a log says of a planner. */
export async function recoverySummary(
  records: Iterable<DecisionRecord> | AsyncIterable<DecisionRecord>,
): Promise<RecoverySummary> {
  const whole: Episode[] = [];
  let torn = 0;
  for await (const episode of episodes(records)) {
    if (episode.whole) whole.push(episode);
    else torn++;
  }
  if (whole.length === 0) throw new RangeError("recoverySummary: the log holds no whole episode.");
  const all = whole.flatMap((episode) => episode.records);
  const times = all.map(({ time }) => time);
  const [from, to] = [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];

  const canary = whole.filter(({ records: [first] }) => first.mode === "canary");
  const isFair = armNames.every((arm) => ofArm(canary, arm).length >= LEAST_CANARY);
  const judged = isFair ? canary : whole;
  const arms = armsOf(judged);
  return {
    planner: all[0].planner,
    from,
    to,
    decisions: all.length,
    episodes: whole.length,
    torn,
    modes: counted(all, ({ mode }) => mode),
    deciders: { policy: 0, exploration: 0, baseline: 0, fallback: 0, ...counted(all, ({ decider }) => decider) },
    fallbacks: counted(
      all.filter(({ cause }) => cause !== null),
      ({ cause }) => cause ?? "",
    ),
    compared: isFair ? "canary" : "all",
    arms,
    uplift: upliftOf(arms),
    matched: matchedSeconds(judged),
    services: [...new Set(judged.map(serviceOf))].sort().map((service) => {
      const own = armsOf(judged.filter((episode) => serviceOf(episode) === service));
      return { service, arms: own, uplift: upliftOf(own) };
    }),
    firstChoices: firstChoices(all),
    periods: timeline(all, from, to),
  };
}

const armNames: readonly ArmName[] = ["policy", "baseline"];

function armsOf(judged: readonly Episode[]): Record<ArmName, ArmSummary | null> {
  return { policy: armSummary(ofArm(judged, "policy")), baseline: armSummary(ofArm(judged, "baseline")) };
}

function armSummary(own: readonly Episode[]): ArmSummary | null {
  if (own.length === 0) return null;
  const share = (test: (outcome: string) => boolean) =>
    own.filter(({ records }) => test(records[records.length - 1].outcome)).length / own.length;
  const records = own.flatMap((episode) => episode.records);
  const perEpisode = (value: (record: DecisionRecord) => number) =>
    records.reduce((sum, record) => sum + value(record), 0) / own.length;
  const part = (name: keyof RewardParts) => perEpisode(({ reward }) => reward[name]);
  return {
    episodes: own.length,
    return: estimate(own.map((episode) => episode.return)),
    parts: {
      success: part("success"),
      seconds: part("seconds"),
      calls: part("calls"),
      cost: part("cost"),
      unhealthy: part("unhealthy"),
      escalate: part("escalate"),
      deadline: part("deadline"),
    },
    success: share((outcome) => outcome === "ok"),
    escalated: share((outcome) => outcome === "escalated"),
    exhausted: share((outcome) => outcome === "deadline" || outcome === "attempts"),
    seconds: mean(own.filter(isSaved).map(secondsOf)),
    calls: perEpisode(({ outcome }) => (outcome === "escalated" ? 0 : 1)),
    wastedRetries: perEpisode(({ action, outcome }) => (isRetry(action) && outcome !== "ok" ? 1 : 0)),
  };
}

/** The arms are independent: their variances add up. */
function upliftOf({ policy, baseline }: Record<ArmName, ArmSummary | null>): Estimate | null {
  if (!policy || !baseline) return null;
  const difference = policy.return.mean - baseline.return.mean;
  const [a, b] = [policy, baseline].map(({ return: { ci95 } }) => (ci95[1] - ci95[0]) / 2);
  const halfWidth = Math.sqrt(a * a + b * b);
  return { mean: difference, ci95: [difference - halfWidth, difference + halfWidth] };
}

function matchedSeconds(judged: readonly Episode[]): MatchedSeconds | null {
  const cells = grouped(judged.filter(isSaved), ({ records: [first] }) => JSON.stringify([first.service, first.class]));
  const both = [...cells.values()].flatMap((own) => {
    const [policy, baseline] = armNames.map((arm) => mean(ofArm(own, arm).map(secondsOf)));
    return Number.isNaN(policy + baseline) ? [] : [{ episodes: own.length, policy, baseline }];
  });
  if (both.length === 0) return null;
  const total = both.reduce((sum, cell) => sum + cell.episodes, 0);
  const weighted = (arm: ArmName) => both.reduce((sum, cell) => sum + cell.episodes * cell[arm], 0) / total;
  return { cells: both.length, episodes: total, policy: weighted("policy"), baseline: weighted("baseline") };
}

function ofArm(judged: readonly Episode[], arm: ArmName): Episode[] {
  return judged.filter(({ records: [first] }) => first.arm === arm);
}

function serviceOf({ records: [first] }: Episode): string {
  return first.service;
}

function isSaved({ records }: Episode): boolean {
  return records[records.length - 1].outcome === "ok";
}

function secondsOf({ records }: Episode): number {
  return records.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
}

/** Retries alone have a parameter in their name. */
function isRetry(action: string): boolean {
  return action.includes(":");
}

function counted<Key extends string>(
  records: readonly DecisionRecord[],
  keyOf: (record: DecisionRecord) => Key,
): Partial<Record<Key, number>> & Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of records) counts[keyOf(record)] = (counts[keyOf(record)] ?? 0) + 1;
  return counts as Partial<Record<Key, number>> & Record<string, number>;
}

function mean(x: readonly number[]): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length;
}
