import { exp } from "../math/transcendental.ts";
import type { Policy } from "../policy/policy.ts";
import type { MetricName } from "./algorithm.ts";

/** What a rollout shows of a run's health before anything is learned from it. */
export function rolloutMetrics(
  rollout: { readonly observations: Float32Array; readonly actions: Float32Array },
  advantages: Float32Array,
  policy: Policy,
): Partial<Record<MetricName, number>> {
  return {
    advantageDeviation: deviation(advantages),
    observationScale: largest(rollout.observations),
    ...(policy.logStd && {
      standardDeviation: meanDeviation(policy.logStd),
      saturatedFraction: saturatedFraction(rollout.actions, policy),
    }),
  };
}

/** Mean standard deviation of a Gaussian, from the logarithms. */
export function meanDeviation(logStd: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < logStd.length; i++) sum += exp(logStd[i]);
  return sum / logStd.length;
}

function deviation(x: Float32Array): number {
  let mean = 0;
  for (let i = 0; i < x.length; i++) mean += x[i] / x.length;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] - mean) * (x[i] - mean);
  return Math.sqrt(squares / x.length);
}

/** The largest |x|. */
export function largest(x: Float32Array): number {
  let size = 0;
  for (let i = 0; i < x.length; i++) size = Math.max(size, Math.abs(x[i]));
  return size;
}

/** Share of actions, [·, actionSize], at or beyond a bound of their Box. */
export function saturatedFraction(actions: Float32Array, { actionSpace }: Policy): number {
  if (actionSpace.kind !== "box") return 0;
  const { low, high } = actionSpace;
  let count = 0;
  for (let i = 0; i < actions.length; i++) {
    const dimension = i % low.length;
    if (actions[i] <= low[dimension] || actions[i] >= high[dimension]) count++;
  }
  return count / actions.length;
}
