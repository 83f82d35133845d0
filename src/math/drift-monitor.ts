import { type Cusum, createCusum, observeCusum } from "./cusum.ts";
import { kolmogorovSmirnov, populationStability, smirnovThreshold, stabilityThreshold } from "./histogram-distance.ts";

/** A category is a whole number from 0; others, known or not, share a bin of their own. */
export type DriftFeature =
  | { readonly kind: "numeric"; readonly bins?: number }
  | { readonly kind: "categorical"; readonly categories: number };

/** What a feature was like: a histogram. Numeric bins end at the quantiles. */
export type FeatureHistogram =
  | { readonly kind: "numeric"; readonly edges: readonly number[]; readonly counts: readonly number[] }
  | { readonly kind: "categorical"; readonly counts: readonly number[] };

/** What is normal: taken from records, as plain JSON. */
export interface DriftReference {
  readonly count: number;
  readonly features: readonly FeatureHistogram[];
  readonly reward: RewardMoments;
}

export interface RewardMoments {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

export const driftDefaults = {
  /** Observations that are compared with the reference together, then forgotten. */
  window: 500,
  /** The chance that a window without drift raises an alarm, over all features. */
  alarmRate: 0.001,
  /** How numeric features are compared: the stability index sees any change, Kolmogorov–Smirnov a shift, sooner. */
  numeric: "psi" as "psi" | "ks",
  /** The change of the reward's mean that is looked for, in deviations. */
  shift: 0.25,
  /** Rewards between two alarms, on average, without drift. */
  runLength: 1_000_000,
  /** Whether a reward that has risen is an alarm too. */
  watch: "fall" as "fall" | "both",
};

export type DriftOptions = Readonly<typeof driftDefaults>;

/** Plain JSON, written in place by each observation. */
export interface DriftMonitor {
  readonly options: DriftOptions;
  readonly reference: DriftReference;
  /** For each feature. */
  readonly thresholds: readonly number[];
  /** The window's histograms, a row for each feature. */
  readonly counts: readonly number[][];
  /** Observations in the window so far. */
  seen: number;
  readonly reward: Cusum;
}

export type DriftAlarm =
  | { readonly kind: "features"; readonly feature: number; readonly statistic: number; readonly threshold: number }
  | { readonly kind: "reward"; readonly statistic: number; readonly threshold: number };

/** `rows` holds the features of each record, row-major: [rewards.length, features.length]. */
export function driftReference(
  features: readonly DriftFeature[],
  rows: ArrayLike<number>,
  rewards: ArrayLike<number>,
): DriftReference {
  const count = rewards.length;
  if (count < 2 || rows.length !== count * features.length) {
    throw new RangeError(
      `driftReference: needs at least 2 records of ${features.length} features and a reward, got ${rows.length} numbers and ${count} rewards.`,
    );
  }
  for (let i = 0; i < rows.length; i++) requireFinite("driftReference", `feature ${i % features.length}`, rows[i]);
  const histograms = features.map((feature, column): FeatureHistogram => {
    const values = Array.from({ length: count }, (_, row) => rows[row * features.length + column]);
    if (feature.kind === "categorical") {
      const histogram = { kind: feature.kind, counts: new Array<number>(feature.categories + 1).fill(0) };
      for (const value of values) histogram.counts[binOf(histogram, value)]++;
      return histogram;
    }
    const edges = quantileEdges(values, feature.bins ?? 10);
    const histogram = { kind: feature.kind, edges, counts: new Array<number>(edges.length + 1).fill(0) };
    for (const value of values) histogram.counts[binOf(histogram, value)]++;
    return histogram;
  });
  return { count, features: histograms, reward: moments(rewards) };
}

export function createDriftMonitor(reference: DriftReference, options: Partial<DriftOptions> = {}): DriftMonitor {
  const resolved = { ...driftDefaults, ...options };
  const { window, alarmRate, shift, runLength, watch } = resolved;
  if (!(Number.isSafeInteger(window) && window > 1)) {
    throw new RangeError(`createDriftMonitor: window must be an integer of at least 2, got ${window}.`);
  }
  if (!(alarmRate > 0 && alarmRate < 1)) {
    throw new RangeError(`createDriftMonitor: alarmRate must lie in (0, 1), got ${alarmRate}.`);
  }
  // Bonferroni: each feature gets an equal share of the rate.
  const rate = alarmRate / reference.features.length;
  const thresholds = reference.features.map((feature) =>
    comparesRanks(feature, resolved)
      ? smirnovThreshold(reference.count, window, rate)
      : stabilityThreshold(usedBins(feature), reference.count, window, rate),
  );
  const counts = reference.features.map((feature) => new Array<number>(feature.counts.length).fill(0));
  const reward = createCusum({ ...reference.reward, count: reference.count, shift, runLength, watch });
  return { options: resolved, reference, thresholds, counts, seen: 0, reward };
}

/** Takes in an episode: what was seen, and what it was worth. */
export function observeDrift(monitor: DriftMonitor, features: ArrayLike<number>, reward: number): DriftAlarm | null {
  requireFinite("observeDrift", "the reward", reward);
  const alarm = observeFeatures(monitor, features);
  return observeReward(monitor, reward) ?? alarm;
}

/** Counts what was seen at one decision; judged where a window ends. */
export function observeFeatures(monitor: DriftMonitor, features: ArrayLike<number>): DriftAlarm | null {
  const { reference, counts, options } = monitor;
  if (features.length !== counts.length) {
    throw new RangeError(`observeFeatures: needs ${counts.length} features, got ${features.length}.`);
  }
  for (let i = 0; i < features.length; i++) requireFinite("observeFeatures", `feature ${i}`, features[i]);
  for (let i = 0; i < counts.length; i++) counts[i][binOf(reference.features[i], features[i])]++;
  monitor.seen++;
  return monitor.seen < options.window ? null : judgeWindow(monitor);
}

/** Judged at once. */
export function observeReward({ reward: cusum }: DriftMonitor, reward: number): DriftAlarm | null {
  requireFinite("observeReward", "the reward", reward);
  const { threshold } = cusum;
  return observeCusum(cusum, reward) ? { kind: "reward", statistic: threshold, threshold } : null;
}

/** The feature that is furthest beyond its threshold, if one is. The window begins anew. */
function judgeWindow(monitor: DriftMonitor): DriftAlarm | null {
  const { reference, counts, thresholds, options } = monitor;
  let alarm: DriftAlarm | null = null;
  let worst = 1;
  for (let feature = 0; feature < counts.length; feature++) {
    const histogram = reference.features[feature];
    const distance = comparesRanks(histogram, options) ? kolmogorovSmirnov : populationStability;
    const statistic = distance(histogram.counts, counts[feature]);
    const threshold = thresholds[feature];
    if (statistic > worst * threshold) {
      worst = statistic / threshold;
      alarm = { kind: "features", feature, statistic, threshold };
    }
    counts[feature].fill(0);
  }
  monitor.seen = 0;
  return alarm;
}

function comparesRanks(feature: FeatureHistogram, options: DriftOptions): boolean {
  return feature.kind === "numeric" && options.numeric === "ks";
}

function binOf(feature: FeatureHistogram, value: number): number {
  if (feature.kind === "categorical") {
    const other = feature.counts.length - 1;
    return Number.isInteger(value) && value >= 0 && value < other ? value : other;
  }
  let bin = 0;
  while (bin < feature.edges.length && value > feature.edges[bin]) bin++;
  return bin;
}

/** Upper ends of all bins but the last; fewer where values repeat. */
function quantileEdges(values: readonly number[], bins: number): number[] {
  const order = [...values].sort((a, b) => a - b);
  const edges: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const edge = order[Math.ceil((bin * order.length) / bins) - 1];
    if (edge > (edges.at(-1) ?? -Infinity) && edge < order[order.length - 1]) edges.push(edge);
  }
  return edges;
}

function usedBins(feature: FeatureHistogram): number {
  return feature.counts.filter((count) => count > 0).length;
}

function moments(values: ArrayLike<number>): RewardMoments {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    requireFinite("driftReference", "a reward", values[i]);
    sum += values[i];
  }
  const mean = sum / values.length;
  let [squares, cubes, fourths] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const gap = values[i] - mean;
    squares += gap * gap;
    cubes += gap * gap * gap;
    fourths += gap * gap * gap * gap;
  }
  const variance = squares / values.length;
  if (variance === 0) throw new RangeError(`driftReference: rewards must differ, got ${values[0]} throughout.`);
  const deviation = Math.sqrt(variance);
  return {
    mean,
    deviation,
    skewness: cubes / values.length / (variance * deviation),
    kurtosis: fourths / values.length / (variance * variance) - 3,
  };
}

function requireFinite(who: string, what: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`${who}: ${what} must be a finite number, got ${value}.`);
}
