import type { Report } from "../algorithm/algorithm.ts";
import type { Episode } from "../env/env.ts";
import { mean, quantile } from "../math/statistics.ts";
import { createDoctorState, type DoctorState } from "./doctor.ts";
import type { BestPolicy, EpisodeSummary, Iteration } from "./event.ts";

/** What a run itself remembers, beside its algorithm's snapshot; plain JSON. */
export interface RunState {
  steps: number;
  totalSteps: number;
  /** Spent training. */
  seconds: number;
  /** Whether the same seed gives the same bytes. */
  reproducible: boolean;
  /** Training is over: only the last evaluation is left to do. */
  trained: boolean;
  /** Of the last hundred episodes, newest last. */
  returns: number[];
  /** Of the first twenty episodes of all: little was learned by then. */
  untrainedReturns: number[];
  best: BestPolicy | null;
  readonly doctor: DoctorState;
}

export function createRunState(): RunState {
  return {
    steps: 0,
    totalSteps: 0,
    seconds: 0,
    reproducible: true,
    trained: false,
    returns: [],
    untrainedReturns: [],
    best: null,
    doctor: createDoctorState(),
  };
}

/** How many iteration events tell a whole run, at most. */
const TOLD = 1000;
const WINDOW = 100;
/** Episodes by which a policy that has learned nothing is known. */
export const FIRST = 20;

/** An iteration event before it is told when. */
export type Told = Omit<Iteration, "kind" | "time">;

/** Gathers reports until there is enough to tell. */
export interface Teller {
  add(report: Report): void;
  /** Whether the reports gathered span a thousandth of the run. */
  due(): boolean;
  /** What was gathered since the last telling, or null. */
  tell(): Told | null;
}

/** Keeps `state` up to date, all but its `seconds`. */
export function createTeller(state: RunState): Teller {
  let told = state.steps;
  let hasNews = false;
  let sums: Record<string, { sum: number; count: number }> = {};
  let episodes: Episode[] = [];

  return {
    add(report) {
      hasNews = true;
      state.steps = report.steps;
      state.totalSteps = report.totalSteps;
      for (const [name, value] of Object.entries(report.metrics)) {
        sums[name] ??= { sum: 0, count: 0 };
        sums[name].sum += value;
        sums[name].count++;
      }
      if (report.episodes.length === 0) return;
      episodes.push(...report.episodes);
      const wanting = FIRST - state.untrainedReturns.length;
      state.untrainedReturns.push(...report.episodes.slice(0, wanting).map((episode) => episode.return));
      state.returns.push(...report.episodes.map((episode) => episode.return));
      state.returns.splice(0, state.returns.length - WINDOW);
    },
    due: () => crossed(told, state.steps, state.totalSteps / TOLD),
    tell() {
      if (!hasNews) return null;
      hasNews = false;
      const { steps, totalSteps, seconds } = state;
      const rate = stepsPerSecond(state);
      const event = {
        steps,
        totalSteps,
        metrics: Object.fromEntries(Object.entries(sums).map(([name, { sum, count }]) => [name, sum / count])),
        episodes: summarizeEpisodes(episodes),
        return: state.returns.length > 0 ? mean(state.returns) : null,
        seconds,
        stepsPerSecond: rate,
        secondsLeft: rate > 0 ? (totalSteps - steps) / rate : 0,
      };
      told = steps;
      sums = {};
      episodes = [];
      return event;
    },
  };
}

/** Over the whole run; 0 where there is no clock. */
export function stepsPerSecond({ steps, seconds }: RunState): number {
  return seconds > 0 ? steps / seconds : 0;
}

/** Whether a multiple of `every` lies in (before, now]. */
export function crossed(before: number, now: number, every: number): boolean {
  return Math.floor(now / every) > Math.floor(before / every);
}

function summarizeEpisodes(episodes: readonly Episode[]): EpisodeSummary | null {
  if (episodes.length === 0) return null;
  const returns = episodes.map((episode) => episode.return);
  const lengths = episodes.map((episode) => episode.length);
  return {
    count: episodes.length,
    meanReturn: mean(returns),
    lowReturn: quantile(returns, 0.1),
    highReturn: quantile(returns, 0.9),
    meanLength: mean(lengths),
    minLength: lengths.reduce((a, b) => Math.min(a, b)),
    maxLength: lengths.reduce((a, b) => Math.max(a, b)),
    truncated: episodes.filter((episode) => episode.truncated).length,
  };
}
