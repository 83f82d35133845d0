import { importanceWeights, type LoggedBandit, type RewardModel, requireLog } from "./logged-bandit.ts";

/** What a policy is worth by a log: Σ terms / Σ weights. */
export interface OffPolicyEstimate {
  readonly value: number;
  /** What each row contributes; their mean is the value. */
  readonly terms: Float64Array;
  /** What each row counts, 1 on average; null where each counts 1. */
  readonly weights: Float64Array | null;
}

/** How a weight is bent to be smaller: variance for bias. */
type Bend = (weight: number) => number;

/** IPS: mean w r. Horvitz & Thompson 1952, https://doi.org/10.1080/01621459.1952.10483446. Unbiased. */
export function inversePropensity(log: LoggedBandit): OffPolicyEstimate {
  requireLog("inversePropensity", log);
  return averaged(corrections(log, null));
}

/** SNIPS: Σ w r / Σ w. Swaminathan & Joachims 2015, https://papers.nips.cc/paper/5748. Never outside the rewards' range. */
export function selfNormalized(log: LoggedBandit): OffPolicyEstimate {
  requireLog("selfNormalized", log);
  const weights = importanceWeights(log);
  const scale = 1 / average(weights);
  const terms = corrections(log, null);
  for (let i = 0; i < terms.length; i++) {
    weights[i] *= scale;
    terms[i] *= scale;
  }
  return { ...averaged(terms), weights };
}

/** DR: mean Σₐ π_e q̂ + w (r − q̂). Dudík, Langford & Li 2011, https://arxiv.org/abs/1103.4601. */
export function doublyRobust(log: LoggedBandit & { readonly model: RewardModel }): OffPolicyEstimate {
  requireLog("doublyRobust", log);
  return averaged(corrections(log, log.model));
}

/**
 * Switch-DR: DR that leaves rows of w > `bound` to the model. Wang, Agarwal & Dudík 2017, https://arxiv.org/abs/1612.01205.
 * Without a model, such rows count as worth 0.
 */
export function switched(log: LoggedBandit, bound: number): OffPolicyEstimate {
  requireLog("switched", log);
  requirePositive("switched", "bound", bound);
  return averaged(corrections(log, log.model ?? null, (weight) => (weight <= bound ? weight : 0)));
}

/**
 * DRos: DR with optimistic shrinkage, w → λ w / (w² + λ), which is never above √λ / 2. Su, Dimakopoulou, Krishnamurthy &
 * Dudík 2020, https://arxiv.org/abs/1907.09623.
 */
export function shrunk(log: LoggedBandit, lambda: number): OffPolicyEstimate {
  requireLog("shrunk", log);
  requirePositive("shrunk", "lambda", lambda);
  return averaged(corrections(log, log.model ?? null, (weight) => (lambda * weight) / (weight * weight + lambda)));
}

/** v + bend(w) (r − q) of each row; without a model q and v are 0. */
function corrections(log: LoggedBandit, model: RewardModel | null, bend: Bend = (weight) => weight): Float64Array {
  const { rewards } = log;
  const terms = importanceWeights(log);
  if (!model) {
    for (let i = 0; i < terms.length; i++) terms[i] = bend(terms[i]) * rewards[i];
    return terms;
  }
  const { actionValues, values } = model;
  for (let i = 0; i < terms.length; i++) terms[i] = values[i] + bend(terms[i]) * (rewards[i] - actionValues[i]);
  return terms;
}

function averaged(terms: Float64Array): OffPolicyEstimate {
  return { value: average(terms), terms, weights: null };
}

function average(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum / x.length;
}

function requirePositive(who: string, name: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`${who}: ${name} must be a positive number, got ${value}.`);
}
