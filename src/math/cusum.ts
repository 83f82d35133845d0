import { exp } from "./transcendental.ts";

/**
 * A cumulative sum that stays near 0 while the mean is as it was, and climbs once it has fallen. Page 1954.
 *
 *   S ← max(0, S + (mean − x) / deviation − slack),   an alarm where S > threshold
 */
export interface Cusum {
  readonly options: CusumOptions;
  /** k, in deviations: half the change looked for, and what the mean may be off. */
  readonly slack: number;
  /** h, in deviations. */
  readonly threshold: number;
  /** S of the fall. */
  fall: number;
  /** S of the rise; stays 0 unless both are watched. */
  rise: number;
}

export interface CusumOptions {
  readonly mean: number;
  readonly deviation: number;
  /** Third standardised moment: a long tail below, as of rewards, is negative. */
  readonly skewness: number;
  /** Fourth standardised moment less 3. */
  readonly kurtosis: number;
  /** How many values the mean was taken over: it is off by about deviation / √count. */
  readonly count: number;
  /** The change looked for, in deviations. */
  readonly shift: number;
  /** Values between two alarms, on average, while nothing has changed. */
  readonly runLength: number;
  readonly watch: "fall" | "both";
}

export function createCusum(options: CusumOptions): Cusum {
  for (const name of ["deviation", "count", "shift"] as const) {
    const value = options[name];
    if (!(value > 0)) throw new RangeError(`createCusum: ${name} must be a positive number, got ${value}.`);
  }
  if (!Number.isFinite(options.mean)) {
    throw new RangeError(`createCusum: mean must be a finite number, got ${options.mean}.`);
  }
  const slack = options.shift / 2 + 1 / Math.sqrt(options.count);
  const sides = options.watch === "both" ? 2 : 1;
  const skewness = options.watch === "both" ? Math.abs(options.skewness) : -options.skewness;
  // The threshold is that of a mean known exactly; the slack beyond makes up for its error.
  const known = normalSlack(options.shift / 2, skewness, options.kurtosis);
  const threshold = cusumThreshold(known, sides * options.runLength);
  return { options, slack, threshold, fall: 0, rise: 0 };
}

/** Adds a value. True where that is an alarm, from which the sums begin anew. */
export function observeCusum(cusum: Cusum, value: number): boolean {
  const { mean, deviation, watch } = cusum.options;
  if (!Number.isFinite(value)) {
    throw new RangeError(`observeCusum: a value must be a finite number, got ${value}.`);
  }
  const below = (mean - value) / deviation;
  cusum.fall = Math.max(0, cusum.fall + below - cusum.slack);
  if (watch === "both") cusum.rise = Math.max(0, cusum.rise - below - cusum.slack);
  if (Math.max(cusum.fall, cusum.rise) <= cusum.threshold) return false;
  cusum.fall = 0;
  cusum.rise = 0;
  return true;
}

/**
 * Mean run length of one side for normal values whose mean fell by `drift` deviations. Siegmund 1985:
 *
 *   (exp(−2 Δ b) + 2 Δ b − 1) / (2 Δ²) with Δ = drift − slack, b = threshold + 1.166
 */
export function cusumRunLength(slack: number, threshold: number, drift = 0): number {
  const delta = drift - slack;
  const b = threshold + 1.166;
  if (Math.abs(delta * b) < 1e-4) return b * b;
  return (exp(-2 * delta * b) + 2 * delta * b - 1) / (2 * delta * delta);
}

/**
 * The slack at which normal steps climb as seldom as these do with theirs: run lengths grow like exp(θ · threshold), where
 * log E exp(θ step) = θ slack. By cumulants θ/2 + skewness θ²/6 + kurtosis θ³/24 = slack, and θ is twice the slack of a normal.
 */
function normalSlack(slack: number, skewness: number, kurtosis: number): number {
  const [third, fourth] = [Math.max(0, skewness) / 6, Math.max(0, kurtosis) / 24];
  let [low, high] = [0, 2 * slack];
  for (let i = 0; i < 60; i++) {
    const theta = (low + high) / 2;
    if (theta * (0.5 + theta * (third + theta * fourth)) < slack) low = theta;
    else high = theta;
  }
  return high / 2;
}

/** The threshold at which nothing but chance is an alarm every `runLength` values, by bisection. */
export function cusumThreshold(slack: number, runLength: number): number {
  if (!(runLength > 10 && runLength < Infinity)) {
    throw new RangeError(`cusumThreshold: runLength must be a number above 10, got ${runLength}.`);
  }
  let [low, high] = [0, 1];
  while (cusumRunLength(slack, high) < runLength) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (cusumRunLength(slack, middle) < runLength) low = middle;
    else high = middle;
  }
  return high;
}
