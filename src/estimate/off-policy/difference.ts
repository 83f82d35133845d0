import type { OffPolicyEstimate } from "./bandit-estimators.ts";

/**
 * How much more one policy is worth than another by the same log, row against row: chance that is common to both falls out, and
 * an interval of the difference is narrower than two intervals are. Ratios enter by their linear part.
 */
export function difference(policy: OffPolicyEstimate, baseline: OffPolicyEstimate): OffPolicyEstimate {
  const size = policy.terms.length;
  if (baseline.terms.length !== size) {
    throw new RangeError(
      `difference: both estimates must be of the same log, got ${size} and ${baseline.terms.length} rows.`,
    );
  }
  const terms = new Float64Array(size);
  for (let i = 0; i < size; i++) terms[i] = linear(policy, i) - linear(baseline, i);
  return { value: policy.value - baseline.value, terms, weights: null };
}

/** Row i of Σ terms / Σ weights, linear at the estimate: their mean is the estimate, their spread its error. */
function linear({ value, terms, weights }: OffPolicyEstimate, i: number): number {
  return weights ? terms[i] - value * (weights[i] - 1) : terms[i];
}
