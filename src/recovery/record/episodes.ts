import { totalReward } from "../reward.ts";
import type { DecisionRecord } from "./decision-record.ts";

/** All that was decided about one failure, and what it was worth. */
export interface Episode {
  readonly id: string;
  /** By step. */
  readonly records: readonly DecisionRecord[];
  /** Sum of its rewards, undiscounted. */
  readonly return: number;
  /** Whether it has every step from its first to its terminal one. Others were cut off by a crash or a lost line, or ended out of sight. */
  readonly whole: boolean;
}

/**
 * Puts records back together that many processes wrote in turn. An episode comes as soon as its terminal record is read,
 * and what never got one at the end: memory holds only the episodes under way.
 */
export async function* episodes(
  records: Iterable<DecisionRecord> | AsyncIterable<DecisionRecord>,
): AsyncGenerator<Episode> {
  const open = new Map<string, DecisionRecord[]>();
  for await (const record of records) {
    const ended = take(open, record);
    if (ended) yield ended;
  }
  for (const rest of open.values()) yield episodeOf(rest);
}

/** The same of records at hand. */
export function groupEpisodes(records: Iterable<DecisionRecord>): Episode[] {
  const open = new Map<string, DecisionRecord[]>();
  const ended: Episode[] = [];
  for (const record of records) {
    const episode = take(open, record);
    if (episode) ended.push(episode);
  }
  return [...ended, ...[...open.values()].map(episodeOf)];
}

function take(open: Map<string, DecisionRecord[]>, record: DecisionRecord): Episode | null {
  const records = open.get(record.episode) ?? [];
  records.push(record);
  if (record.terminal) {
    open.delete(record.episode);
    return episodeOf(records);
  }
  open.set(record.episode, records);
  return null;
}

function episodeOf(unordered: readonly DecisionRecord[]): Episode {
  const records = unordered.toSorted((a, b) => a.step - b.step);
  return {
    id: records[0].episode,
    records,
    return: records.reduce((sum, { reward }) => sum + totalReward(reward), 0),
    whole: isEnd(records[records.length - 1]) && records.every(({ step }, i) => step === i),
  };
}

/** An end whose outcome is known. */
function isEnd({ terminal, outcome }: DecisionRecord): boolean {
  return terminal && outcome !== "unknown";
}
