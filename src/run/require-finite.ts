import type { Report } from "../algorithm/algorithm.ts";
import { RunError } from "./run-error.ts";

/** An algorithm that reports NaN or infinity has lost its way. The explained variance of equal returns has no value. */
export function requireFiniteMetrics({ metrics, steps }: Report): void {
  for (const name in metrics) {
    const value = metrics[name as keyof typeof metrics];
    if (Number.isFinite(value) || name === "explainedVariance") continue;
    throw new RunError(`the algorithm reported ${name} = ${value} at step ${steps}; the last good checkpoint is kept.`);
  }
}

/** Asked before parameters are kept: ones that cannot act must not replace ones that can. */
export function requireFiniteParameters({ policy, steps }: Report): void {
  const { parameters } = policy;
  for (let i = 0; i < parameters.length; i++) {
    if (Number.isFinite(parameters[i])) continue;
    throw new RunError(
      `parameter ${i} of ${parameters.length} is ${parameters[i]} at step ${steps}; the last good checkpoint is kept.`,
    );
  }
}
