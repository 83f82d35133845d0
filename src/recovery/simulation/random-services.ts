import type { Random } from "../../math/random.ts";
import { exp, log } from "../../math/transcendental.ts";
import { type BenchService, type Cause, causes } from "./recovery-bench-services.ts";

/** How services may differ: the range of RecoveryBench-0's four, and somewhat beyond. */
const ranges = {
  passing: { transient: [0.5, 5], throttle: [6, 40], outage: [40, 300] },
  secondary: {
    transient: [0.4, 0.95],
    throttle: [0.3, 0.9],
    outage: [0.05, 0.65],
    "bad-parameter": [0, 0.05],
    missing: [0.05, 0.25],
  },
} as const;

/** Services as they might be: what is learned over many of them does not hang on one's numbers. */
export function randomServices(count: number, random: Random): readonly BenchService[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `service-${String(i + 1).padStart(3, "0")}`,
    prior: randomPrior(random),
    passing: {
      transient: between(ranges.passing.transient, random, "logarithm"),
      throttle: between(ranges.passing.throttle, random, "logarithm"),
      outage: between(ranges.passing.outage, random, "logarithm"),
    },
    secondary: byCause((cause) => between(ranges.secondary[cause], random)),
  }));
}

/** Some causes are common, most are not: squares of uniform numbers, made to sum to 1. */
function randomPrior(random: Random): Record<Cause, number> {
  const weights = byCause(() => {
    const uniform = random.uniform();
    return 0.02 + uniform * uniform;
  });
  const sum = causes.reduce((total, cause) => total + weights[cause], 0);
  return byCause((cause) => weights[cause] / sum);
}

/** Uniform in the number itself or in its logarithm. */
function between(
  [low, high]: readonly [number, number],
  random: Random,
  of: "number" | "logarithm" = "number",
): number {
  if (of === "number") return low + (high - low) * random.uniform();
  return low * exp(log(high / low) * random.uniform());
}

function byCause(value: (cause: Cause) => number): Record<Cause, number> {
  return Object.fromEntries(causes.map((cause) => [cause, value(cause)])) as Record<Cause, number>;
}
