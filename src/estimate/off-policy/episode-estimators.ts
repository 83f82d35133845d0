import type { OffPolicyEstimate } from "./bandit-estimators.ts";
import type { RewardModel } from "./logged-bandit.ts";
import { cumulativeWeights, type LoggedEpisodes, requireDiscount, requireEpisodes } from "./logged-episodes.ts";

/** PDIS: mean Σₜ γᵗ ρₜ rₜ₊₁. Precup, Sutton & Singh 2000, https://scholarworks.umass.edu/cs_faculty_pubs/80. Unbiased. */
export function perDecision(log: LoggedEpisodes, discount: number): OffPolicyEstimate {
  return estimated("perDecision", log, null, discount, false);
}

/** Weighted PDIS: ρₜ divided by its mean over the episodes, those that have ended included. Biased, and far steadier. */
export function weightedPerDecision(log: LoggedEpisodes, discount: number): OffPolicyEstimate {
  return estimated("weightedPerDecision", log, null, discount, true);
}

/** DR over steps: V̂(s₀) + Σₜ γᵗ ρₜ (rₜ₊₁ + γ V̂(sₜ₊₁) − q̂(sₜ, aₜ)). Jiang & Li 2016, https://arxiv.org/abs/1511.03722. */
export function sequentialDoublyRobust(
  log: LoggedEpisodes & { readonly model: RewardModel },
  discount: number,
): OffPolicyEstimate {
  return estimated("sequentialDoublyRobust", log, log.model, discount, false);
}

/** WDR: the same with weighted ρₜ. Thomas & Brunskill 2016, https://arxiv.org/abs/1604.00923. */
export function weightedDoublyRobust(
  log: LoggedEpisodes & { readonly model: RewardModel },
  discount: number,
): OffPolicyEstimate {
  return estimated("weightedDoublyRobust", log, log.model, discount, true);
}

/**
 * mean V̂(s₀) + Σₜ γᵗ Xₜ, where Xₜ = Σ ρₜ xₜ / Σ ρₜ over all episodes and xₜ = rₜ₊₁ + γ V̂(sₜ₊₁) − q̂(sₜ, aₜ); unweighted, the
 * divisor is their number. An ended episode keeps its ρ and has x = 0. Terms are the linear part at the estimate, so that their mean
 * is the estimate and their spread is its error.
 */
function estimated(
  who: string,
  log: LoggedEpisodes,
  model: RewardModel | null,
  discount: number,
  weighted: boolean,
): OffPolicyEstimate {
  requireEpisodes(who, log);
  requireDiscount(who, discount);
  const { lengths } = log;
  const episodes = lengths.length;
  const rho = cumulativeWeights(log);
  const surprise = surprises(log, model, discount);
  let horizon = 0;
  for (let episode = 0; episode < episodes; episode++) horizon = Math.max(horizon, lengths[episode]);
  const scales = weighted ? inverseMeans(lengths, rho, horizon) : new Float64Array(horizon).fill(1);
  const means = weighted ? scaledMeans(lengths, rho, surprise, scales) : new Float64Array(horizon);

  let centre = 0; // Σ γᵗ Xₜ
  for (let t = 0, power = 1; t < horizon; t++, power *= discount) {
    centre += power * means[t];
    scales[t] *= power;
  }
  // An ended episode, whose ρ is counted on, takes off so much of it from t to the last step.
  const later = new Float64Array(horizon + 1);
  for (let t = horizon - 1; t >= 0; t--) later[t] = later[t + 1] + scales[t] * means[t];

  const terms = new Float64Array(episodes);
  let sum = 0;
  for (let episode = 0, step = 0; episode < episodes; episode++) {
    const length = lengths[episode];
    let term = centre + (model ? model.values[step] : 0);
    for (let t = 0; t < length; t++, step++) term += scales[t] * rho[step] * (surprise[step] - means[t]);
    terms[episode] = term - rho[step - 1] * later[length];
    sum += terms[episode];
  }
  return { value: sum / episodes, terms, weights: null };
}

/** xₜ = rₜ₊₁ + γ V̂(sₜ₊₁) − q̂(sₜ, aₜ), [steps]; without a model the rewards, and what a cut left. */
function surprises(log: LoggedEpisodes, model: RewardModel | null, discount: number): Float64Array {
  const { lengths, rewards, finalValues } = log;
  const x = Float64Array.from(rewards);
  for (let episode = 0, end = 0; episode < lengths.length; episode++) {
    let step = end;
    end += lengths[episode];
    if (model) {
      for (; step < end - 1; step++) x[step] += discount * model.values[step + 1] - model.actionValues[step];
      x[step] -= model.actionValues[step];
    }
    x[end - 1] += discount * (finalValues?.[episode] ?? 0);
  }
  return x;
}

/** 1 / mean ρₜ over all episodes, [T]; 0 where no weight is left. */
function inverseMeans(lengths: ArrayLike<number>, rho: Float64Array, horizon: number): Float64Array {
  const running = new Float64Array(horizon);
  const ended = new Float64Array(horizon + 1);
  for (let episode = 0, step = 0; episode < lengths.length; episode++) {
    for (let t = 0; t < lengths[episode]; t++, step++) running[t] += rho[step];
    ended[lengths[episode]] += rho[step - 1];
  }
  for (let t = 0, kept = 0; t < horizon; t++) {
    kept += ended[t];
    const total = running[t] + kept;
    running[t] = total > 0 ? lengths.length / total : 0;
  }
  return running;
}

/** Xₜ, [T] */
function scaledMeans(
  lengths: ArrayLike<number>,
  rho: Float64Array,
  surprise: Float64Array,
  scales: Float64Array,
): Float64Array {
  const means = new Float64Array(scales.length);
  for (let episode = 0, step = 0; episode < lengths.length; episode++) {
    for (let t = 0; t < lengths[episode]; t++, step++) means[t] += rho[step] * surprise[step];
  }
  for (let t = 0; t < means.length; t++) means[t] *= scales[t] / lengths.length;
  return means;
}
