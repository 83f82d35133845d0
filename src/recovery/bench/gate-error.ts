import {
  createDifferenceTest,
  type DifferenceTestOptions,
  differenceVerdict,
  observeReturn,
} from "../../math/difference-test.ts";
import { createRandom, type Random } from "../../math/random.ts";
import { wilsonInterval } from "../../math/statistics.ts";

/** The returns that an arm draws from: each value with its chance, or all alike. */
export interface ReturnDistribution {
  readonly values: ArrayLike<number>;
  readonly chances?: readonly number[];
}

/** Like the expert runbook's on RecoveryBench: mean .56, deviation .61, and a tail of deadlines missed. */
export const recoveryReturns: ReturnDistribution = {
  values: [0.9, 0.3, -0.6, -1.3],
  chances: [0.7, 0.156, 0.1, 0.044],
};

export const gateErrorDefaults = {
  seed: 0,
  /** Policies that are no better than the baseline. */
  candidates: 1000,
  /** Episodes of both arms, each followed by a look. */
  episodes: 20_000,
  /** Share of the episodes that the policy gets. */
  share: 0.05,
  /** Differences in mean return of policies that are better. */
  effects: [] as readonly number[],
  /** Policies for each of the effects. */
  effectCandidates: 200,
  /** Episodes after which a better policy counts as missed. */
  effectEpisodes: 200_000,
  baseline: recoveryReturns as ReturnDistribution,
  /** The null policy's returns, of the baseline's mean. */
  policy: recoveryReturns as ReturnDistribution,
  test: { lowest: -1.5, highest: 1 } as Parameters<typeof createDifferenceTest>[0],
};

export type GateErrorOptions = Readonly<typeof gateErrorDefaults>;

export interface GateErrorReport {
  /** Null candidates so far. */
  readonly candidates: number;
  /** Of them, how many were ever called better. */
  readonly falsePromotions: number;
  /** 95 % interval of the chance of that. */
  readonly interval: readonly [low: number, high: number];
  /** How many were ever called worse. */
  readonly falseRollbacks: number;
  readonly power: readonly GatePower[];
}

export interface GatePower {
  readonly effect: number;
  readonly candidates: number;
  readonly promoted: number;
  /** Episodes of the policy's arm until half of the candidates were promoted; null if fewer were. */
  readonly medianEpisodes: number | null;
  /** Until nine tenths were. */
  readonly episodes90: number | null;
}

/** How often the canary's test promotes what is no better, and how soon what is. Yields as it goes; the last report is whole. */
export function* gateError(options: Partial<GateErrorOptions> = {}): Generator<GateErrorReport> {
  const config = { ...gateErrorDefaults, ...options };
  const { candidates, episodes, share, effects, effectCandidates, effectEpisodes, baseline, policy } = config;
  const random = createRandom(config.seed);
  const drawBaseline = sampler(baseline);
  const power: GatePower[] = [];
  let falsePromotions = 0;
  let falseRollbacks = 0;
  const report = (finished: number): GateErrorReport => ({
    candidates: finished,
    falsePromotions,
    interval: finished > 0 ? wilsonInterval(falsePromotions, finished) : [0, 1],
    falseRollbacks,
    power: [...power],
  });

  const drawNull = sampler(policy);
  for (let i = 1; i <= candidates; i++) {
    const { promotedAt, rolledBackAt } = canary(random.split(), drawNull, drawBaseline, share, episodes, config.test);
    if (promotedAt !== null) falsePromotions++;
    if (rolledBackAt !== null) falseRollbacks++;
    if (i % 100 === 0) yield report(i);
  }

  for (const effect of effects) {
    const drawBetter = improved(baseline, effect);
    const waits: number[] = [];
    for (let i = 0; i < effectCandidates; i++) {
      const { promotedAt } = canary(random.split(), drawBetter, drawBaseline, share, effectEpisodes, config.test, true);
      if (promotedAt !== null) waits.push(promotedAt);
    }
    waits.sort((a, b) => a - b);
    const after = (q: number) => waits[Math.ceil(q * effectCandidates) - 1] ?? null;
    const found = { medianEpisodes: after(0.5), episodes90: after(0.9) };
    power.push({ effect, candidates: effectCandidates, promoted: waits.length, ...found });
    yield report(candidates);
  }
  if (effects.length === 0 && candidates % 100 !== 0) yield report(candidates);
}

/** Draws the same returns, but with some chance the best one instead, which raises the mean by `effect`. */
function improved(distribution: ReturnDistribution, effect: number): (random: Random) => number {
  const { values, chances } = distribution;
  let [best, mean] = [-Infinity, 0];
  for (let i = 0; i < values.length; i++) {
    best = Math.max(best, values[i]);
    mean += values[i] * (chances?.[i] ?? 1 / values.length);
  }
  const saved = effect / (best - mean);
  if (!(saved >= 0 && saved <= 1)) {
    throw new RangeError(
      `gateError: an effect must lie in [0, ${best - mean}], which is all that the baseline misses, got ${effect}.`,
    );
  }
  const draw = sampler(distribution);
  return (random) => (random.uniform() < saved ? best : draw(random));
}

/** Plays both arms with a look after every episode; the policy's episodes at the first promotion and the first rollback. */
function canary(
  random: Random,
  drawPolicy: (random: Random) => number,
  drawBaseline: (random: Random) => number,
  share: number,
  episodes: number,
  options: Pick<DifferenceTestOptions, "lowest" | "highest"> & Partial<DifferenceTestOptions>,
  untilPromoted = false,
): { promotedAt: number | null; rolledBackAt: number | null } {
  const test = createDifferenceTest(options);
  let promotedAt: number | null = null;
  let rolledBackAt: number | null = null;
  for (let i = 0; i < episodes && !(untilPromoted && promotedAt !== null); i++) {
    if (random.uniform() < share) observeReturn(test, "policy", drawPolicy(random));
    else observeReturn(test, "baseline", drawBaseline(random));
    const { kind } = differenceVerdict(test);
    if (kind === "better") promotedAt ??= test.policy.count;
    if (kind === "worse") rolledBackAt ??= test.policy.count;
  }
  return { promotedAt, rolledBackAt };
}

function sampler({ values, chances }: ReturnDistribution): (random: Random) => number {
  if (!chances) return (random) => values[random.integer(values.length)];
  return (random) => {
    let rest = random.uniform();
    for (let i = 0; i < values.length - 1; i++) {
      rest -= chances[i];
      if (rest < 0) return values[i];
    }
    return values[values.length - 1];
  };
}
