import type { Episode } from "./env.ts";

/** Sums up the running episodes of N environments and keeps the finished ones until they are drained. */
export interface EpisodeLog {
  /** Steps taken in each running episode, [N]. */
  readonly lengths: Int32Array;
  /** Counts one step of sub-environment `index`. */
  add(index: number, reward: number): void;
  /** Closes the running episode of sub-environment `index`. */
  finish(index: number, truncated: boolean): void;
  /** Forgets the running episode of sub-environment `index`. */
  abandon(index: number): void;
  drain(): Episode[];
  /** Forgets everything. */
  clear(): void;
  snapshot(): EpisodeLogState;
  restore(state: EpisodeLogState): void;
}

export interface EpisodeLogState {
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly finished: readonly Episode[];
}

export function createEpisodeLog(numEnvs: number): EpisodeLog {
  const returns = new Float64Array(numEnvs);
  const lengths = new Int32Array(numEnvs);
  let finished: Episode[] = [];

  function abandon(index: number): void {
    returns[index] = 0;
    lengths[index] = 0;
  }

  return {
    lengths,
    add(index, reward) {
      returns[index] += reward;
      lengths[index] += 1;
    },
    finish(index, truncated) {
      finished.push({ return: returns[index], length: lengths[index], index, truncated });
      abandon(index);
    },
    abandon,
    drain() {
      const drained = finished;
      finished = [];
      return drained;
    },
    clear() {
      returns.fill(0);
      lengths.fill(0);
      finished = [];
    },
    snapshot: () => ({ returns: [...returns], lengths: [...lengths], finished: [...finished] }),
    restore(state) {
      returns.set(state.returns);
      lengths.set(state.lengths);
      finished = [...state.finished];
    },
  };
}
