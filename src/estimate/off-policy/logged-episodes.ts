import { type ActionDistributions, type RewardModel, requireColumns, requireDistributions } from "./logged-bandit.ts";

/** A log of whole episodes, one behind the other, and what another policy would have done at each step. */
export interface LoggedEpisodes {
  /** Steps of each episode, [episodes] */
  readonly lengths: ArrayLike<number>;
  /** rₜ₊₁, [steps] */
  readonly rewards: ArrayLike<number>;
  /** π_b(aₜ|sₜ): the chance with which the logged action was taken, [steps] */
  readonly propensities: ArrayLike<number>;
  /** π_e(aₜ|sₜ): the chance that the evaluated policy gives to that same action, [steps] */
  readonly probabilities: ArrayLike<number>;
  /** V(s_T) of the state at which an episode was cut, 0 where it ended by itself, [episodes]; all 0 unless given. */
  readonly finalValues?: ArrayLike<number>;
  /** q̂(sₜ, aₜ) and Σₐ π_e(a|sₜ) q̂(sₜ, a), discounted as the estimate is, [steps] each. */
  readonly model?: RewardModel;
  /** Both policies in full at every step, where they are known: only they show what π_e does that π_b never did. */
  readonly distributions?: ActionDistributions;
}

/** ρₜ = ∏ π_e / π_b up to and including step t, [steps] */
export function cumulativeWeights({ lengths, probabilities, propensities }: LoggedEpisodes): Float64Array {
  const weights = new Float64Array(propensities.length);
  for (let episode = 0, step = 0; episode < lengths.length; episode++) {
    let weight = 1;
    for (const end = step + lengths[episode]; step < end; step++) {
      weight *= probabilities[step] / propensities[step];
      weights[step] = weight;
    }
  }
  return weights;
}

/** The ρ of each whole episode, [episodes], of those of its steps. */
export function episodeWeights(lengths: ArrayLike<number>, cumulative: Float64Array): Float64Array {
  const weights = new Float64Array(lengths.length);
  for (let episode = 0, end = 0; episode < weights.length; episode++) {
    end += lengths[episode];
    weights[episode] = cumulative[end - 1];
  }
  return weights;
}

/** Σ γᵗ rₜ₊₁ + γᵀ V(s_T) of each episode as it was logged, [episodes] */
export function episodeReturns({ lengths, rewards, finalValues }: LoggedEpisodes, discount: number): Float64Array {
  const returns = new Float64Array(lengths.length);
  for (let episode = 0, end = 0; episode < returns.length; episode++) {
    const start = end;
    end += lengths[episode];
    let value = finalValues?.[episode] ?? 0;
    for (let step = end - 1; step >= start; step--) value = rewards[step] + discount * value;
    returns[episode] = value;
  }
  return returns;
}

/** Refuses a log with fewer than two episodes, or of columns that do not belong together. */
export function requireEpisodes(who: string, log: LoggedEpisodes): void {
  const { lengths, rewards, propensities, probabilities, finalValues, model, distributions } = log;
  if (lengths.length < 2) throw new RangeError(`${who}: the log must hold at least 2 episodes, got ${lengths.length}.`);
  let steps = 0;
  for (let episode = 0; episode < lengths.length; episode++) {
    const length = lengths[episode];
    if (!(Number.isInteger(length) && length > 0)) {
      throw new RangeError(`${who}: lengths must be positive integers, got ${length} for episode ${episode}.`);
    }
    steps += length;
  }
  requireColumns(who, steps, "a step", { rewards, propensities, probabilities });
  if (model)
    requireColumns(who, steps, "a step", { "model.actionValues": model.actionValues, "model.values": model.values });
  if (distributions) requireDistributions(who, steps, "a step", distributions);
  if (finalValues) requireColumns(who, lengths.length, "an episode", { finalValues });
}

/** Refuses a γ outside [0, 1]. */
export function requireDiscount(who: string, discount: number): void {
  if (!(discount >= 0 && discount <= 1)) throw new RangeError(`${who}: discount must lie in [0, 1], got ${discount}.`);
}
