import { mean, standardDeviation } from "../math/statistics.ts";
import type { Iteration, Warning, WarningName } from "./event.ts";

/** What the doctor remembers between visits; plain JSON. */
export interface DoctorState {
  /** Visits in a row at which a symptom showed. */
  readonly sick: Partial<Record<WarningName, number>>;
  /** Visits in a row at which it did not, for those warned of and not yet over. */
  readonly recovering: Partial<Record<WarningName, number>>;
  /** How much the untrained policy left to chance: its entropy, or a Gaussian's standard deviation. */
  firstExploration: number | null;
  /** Running mean. */
  usualValueLoss: number | null;
  readonly episodes: { count: number; minLength: number; maxLength: number; truncated: number };
}

export function createDoctorState(): DoctorState {
  return {
    sick: {},
    recovering: {},
    firstExploration: null,
    usualValueLoss: null,
    episodes: { count: 0, minLength: 0, maxLength: 0, truncated: 0 },
  };
}

export interface Visit extends Pick<Iteration, "steps" | "totalSteps" | "metrics" | "episodes" | "return"> {
  /** Of the first twenty episodes, played before much was learned; empty until as many have ended. */
  readonly untrainedReturns: readonly number[];
}

/** A symptom must show this often in a row before it is told, and stay away as often before it may be told again. */
const PATIENCE = 5;

/** Looks at what the training says of itself, and warns of each trouble once until it clears. */
export function diagnose(state: DoctorState, visit: Visit): Warning[] {
  remember(state, visit);
  const warnings: Warning[] = [];
  for (const { name, seen, why, advice } of symptoms) {
    const sign = seen(visit, state);
    state.sick[name] = sign === null ? 0 : (state.sick[name] ?? 0) + 1;
    if (name in state.recovering) {
      state.recovering[name] = sign === null ? (state.recovering[name] ?? 0) + 1 : 0;
      if (state.recovering[name] >= PATIENCE) delete state.recovering[name];
    } else if (sign !== null && state.sick[name] >= PATIENCE) {
      state.recovering[name] = 0;
      warnings.push({ name, seen: sign, why, advice });
    }
  }
  return warnings;
}

function remember(state: DoctorState, { metrics, episodes }: Visit): void {
  state.firstExploration ??= explorationOf(metrics)?.amount ?? null;
  if (metrics.valueLoss !== undefined) {
    state.usualValueLoss =
      state.usualValueLoss === null ? metrics.valueLoss : 0.99 * state.usualValueLoss + 0.01 * metrics.valueLoss;
  }
  if (!episodes) return;
  const all = state.episodes;
  all.minLength = all.count === 0 ? episodes.minLength : Math.min(all.minLength, episodes.minLength);
  all.maxLength = Math.max(all.maxLength, episodes.maxLength);
  all.count += episodes.count;
  all.truncated += episodes.truncated;
}

/** So many ends at the same step are no chance. */
const ENOUGH_EPISODES = 20;

interface Symptom extends Omit<Warning, "seen"> {
  /** What shows it, in words, or null where all is well. */
  readonly seen: (visit: Visit, state: DoctorState) => string | null;
}

const symptoms: readonly Symptom[] = [
  {
    name: "constant-advantages",
    seen: ({ metrics: { advantageDeviation } }) =>
      advantageDeviation !== undefined && advantageDeviation < 1e-5
        ? `the advantages' standard deviation is ${shown(advantageDeviation)}`
        : null,
    why: "Every action looks equally good, so the policy's gradient is nothing but noise.",
    advice:
      "See that the reward depends on the actions, and that an episode is long enough to meet a different reward.",
  },
  {
    name: "truncation-unreported",
    seen: (_, { episodes: { count, minLength, maxLength, truncated } }) =>
      count >= ENOUGH_EPISODES && minLength === maxLength && maxLength > 1 && truncated === 0
        ? `all ${count} episodes were terminated after exactly ${maxLength} steps`
        : null,
    why: "A time limit reported as termination teaches the critic that the last states are worth nothing.",
    advice: `Where a limit ends the episode, return { terminated: false, truncated: true }, or let the TimeLimit wrapper do it.`,
  },
  {
    name: "episodes-never-end",
    seen: ({ steps, totalSteps }, { episodes }) =>
      episodes.count === 0 && steps >= Math.max(5_000, totalSteps / 10)
        ? `no episode has ended in ${steps} steps`
        : null,
    why: "Without ends there are no returns to learn from or to judge by, and starting states are seen only once.",
    advice: "Give the environment a time limit that reports truncated: true, and see that it can terminate.",
  },
  {
    name: "entropy-collapse",
    seen: ({ metrics, return: now, untrainedReturns }, { firstExploration }) => {
      const exploration = explorationOf(metrics);
      if (!exploration || firstExploration === null || now === null || untrainedReturns.length === 0) return null;
      const left = exploration.amount / firstExploration;
      return firstExploration > 0 && left < 0.05 && now <= likelyMean(untrainedReturns)
        ? `${exploration.name} is down to ${percent(left)} of what it began with, while the return, ${shown(now)}, is no better than an untrained policy's`
        : null;
    },
    why: "The policy has all but stopped trying other actions before it found good ones.",
    advice:
      "Raise entropyCoefficient, lower learningRate, or look for a reward that can be had by always doing the same.",
  },
  {
    name: "kl-blow-up",
    seen: ({ metrics: { kl } }) =>
      kl !== undefined && kl > 0.2 ? `the KL divergence of an update is ${shown(kl)}` : null,
    why: "The policy leaps away from the one that gathered the data, and may not come back.",
    advice: "Lower learningRate or epochs, raise batchSize, or set targetKl to 0.02.",
  },
  {
    name: "saturated-actions",
    seen: ({ metrics: { saturatedFraction } }) =>
      saturatedFraction !== undefined && saturatedFraction > 0.8
        ? `${percent(saturatedFraction)} of the actions lie at a bound`
        : null,
    why: "Beyond a bound all actions are alike, so there is little to learn from and the mean drifts outwards.",
    advice: "Rescale actions to [-1, 1], lower learningRate, or begin with a smaller standard deviation.",
  },
  {
    name: "value-loss-diverging",
    seen: ({ metrics: { valueLoss, explainedVariance } }, { usualValueLoss }) =>
      valueLoss !== undefined &&
      usualValueLoss !== null &&
      valueLoss > 5 * usualValueLoss &&
      !(Number(explainedVariance) > 0)
        ? `the value loss is ${shown(valueLoss)}, usually ${shown(usualValueLoss)}, and the critic explains nothing`
        : null,
    why: "Advantages are taken from the critic's values: a critic that runs away takes the policy with it.",
    advice: "Lower learningRate, normalise the rewards, or lower maxGradientNorm.",
  },
  {
    name: "observation-scale",
    seen: ({ metrics: { observationScale } }) =>
      observationScale !== undefined && (observationScale > 100 || observationScale < 0.01)
        ? `the largest number the network was fed is ${shown(observationScale)}`
        : null,
    why: "Networks begin tuned to inputs near 1: far larger ones saturate them, far smaller ones go unheard.",
    advice: "Set normalizeObservations, or scale the observations in the environment.",
  },
];

function explorationOf({ standardDeviation, entropy }: Visit["metrics"]): { name: string; amount: number } | null {
  // A Gaussian's entropy passes through 0 and below, so its share means nothing; the deviation's does.
  if (standardDeviation !== undefined) return { name: "the standard deviation", amount: standardDeviation };
  return entropy === undefined ? null : { name: "the entropy", amount: entropy };
}

/** As high as the mean may well be of which these are a sample: one standard error above theirs. */
function likelyMean(returns: readonly number[]): number {
  const error = returns.length > 1 ? standardDeviation(returns) / Math.sqrt(returns.length) : 0;
  return mean(returns) + error;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${shown(share * 100)} %`;
}
