import type { MetricName } from "../../algorithm/algorithm.ts";
import { mean, quantile } from "../../math/statistics.ts";
import type { EpisodeSummary, Evaluated, Iteration, RunEvent } from "../event.ts";
import type { Interval, Point } from "./chart.ts";

/** Finer than this no screen shows. */
const BINS = 100;

/** One metric over the run, neighbours averaged. */
export function metricSeries(events: readonly RunEvent[], name: MetricName): Point[] {
  const told = iterationsOf(events).filter(({ metrics }) => Number.isFinite(metrics[name]));
  return binned(told, (part) => mean(part.map(({ metrics }) => metrics[name] ?? 0)));
}

/** Mean return over the run, between the deciles of the episodes around. */
export function returnSeries(events: readonly RunEvent[]): Interval[] {
  const told = iterationsOf(events).flatMap(({ steps, episodes }) => (episodes ? [{ steps, ...episodes }] : []));
  return bins(told).map((part) => ({
    x: part[part.length - 1].steps,
    y: part.reduce((sum, { meanReturn, count }) => sum + meanReturn * count, 0) / episodesIn(part),
    low: quantile(
      part.map(({ lowReturn }) => lowReturn),
      0.1,
    ),
    high: quantile(
      part.map(({ highReturn }) => highReturn),
      0.9,
    ),
  }));
}

/** Interquartile means of the evaluations. */
export function evaluationSeries(events: readonly RunEvent[]): Interval[] {
  return evaluationsOf(events).map(({ steps, evaluation: { iqm, ci95 } }) => {
    return { x: steps, y: iqm, low: ci95[0], high: ci95[1] };
  });
}

export function evaluationsOf(events: readonly RunEvent[]): Evaluated[] {
  return events.filter((event) => event.kind === "evaluation");
}

export function iterationsOf(events: readonly RunEvent[]): Iteration[] {
  return events.filter((event) => event.kind === "iteration");
}

function binned(told: readonly Iteration[], value: (part: readonly Iteration[]) => number): Point[] {
  return bins(told).map((part) => ({ x: part[part.length - 1].steps, y: value(part) }));
}

/** Consecutive parts, as equal as can be. */
function bins<T>(items: readonly T[]): T[][] {
  const count = Math.min(BINS, items.length);
  return Array.from({ length: count }, (_, i) =>
    items.slice(Math.floor((i * items.length) / count), Math.floor(((i + 1) * items.length) / count)),
  );
}

function episodesIn(part: readonly EpisodeSummary[]): number {
  return part.reduce((sum, { count }) => sum + count, 0);
}
