import type { DecisionRecord } from "../record/decision-record.ts";
import { type Episode, groupEpisodes } from "../record/episodes.ts";

/** The latest whole episodes of a log, within bounded memory. */
export interface RecentEpisodes {
  add(record: DecisionRecord): void;
  /** Those that began after `time`, oldest first. */
  since(time: number): readonly Episode[];
}

export function recentEpisodes(most: number): RecentEpisodes {
  const open = new Map<string, DecisionRecord[]>();
  const kept: Episode[] = [];
  let oldest = 0;

  return {
    add(record) {
      const records = open.get(record.episode) ?? [];
      records.push(record);
      if (!record.terminal) {
        open.set(record.episode, records);
        const [first] = open.keys();
        if (open.size > most) open.delete(first); // one that never ends must not stay for ever
        return;
      }
      open.delete(record.episode);
      const episode = groupEpisodes(records)[0];
      if (kept.length < most) kept.push(episode);
      else {
        kept[oldest] = episode;
        oldest = (oldest + 1) % most;
      }
    },
    since(time) {
      const inOrder = [...kept.slice(oldest), ...kept.slice(0, oldest)];
      return inOrder.filter(({ records }) => records[0].time > time);
    },
  };
}
