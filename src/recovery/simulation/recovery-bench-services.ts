/** Why a step fails. Nobody sees it. */
export const causes = ["transient", "throttle", "outage", "bad-parameter", "missing"] as const;

export type Cause = (typeof causes)[number];

/** Those that pass with time. */
export type PassingCause = "transient" | "throttle" | "outage";

/** What can be seen of a failure: its class. */
export const failureClasses = ["TIMEOUT", "5XX", "429", "4XX", "NODATA"] as const;

export type FailureClass = (typeof failureClasses)[number];

/** A service of RecoveryBench, with the chances that rule it. */
export interface BenchService {
  readonly name: string;
  /** How often each cause is behind a failure; they sum to 1. */
  readonly prior: Readonly<Record<Cause, number>>;
  /** τ: the mean of the exponential time that a cause takes to pass, in seconds. */
  readonly passing: Readonly<Record<PassingCause, number>>;
  /** How often the secondary succeeds. */
  readonly secondary: Readonly<Record<Cause, number>>;
}

/** RecoveryBench-0's. */
export const recoveryBenchServices: readonly BenchService[] = [
  {
    name: "flaky-api",
    prior: byCause(0.7, 0.1, 0.08, 0.07, 0.05),
    passing: { transient: 0.8, throttle: 10, outage: 120 },
    secondary: byCause(0.9, 0.85, 0.6, 0.02, 0.2),
  },
  {
    name: "rate-limited",
    prior: byCause(0.15, 0.6, 0.05, 0.15, 0.05),
    passing: { transient: 1.5, throttle: 25, outage: 180 },
    secondary: byCause(0.8, 0.4, 0.6, 0.02, 0.2),
  },
  {
    name: "batch-etl",
    prior: byCause(0.2, 0.05, 0.1, 0.4, 0.25),
    passing: { transient: 3, throttle: 12, outage: 240 },
    secondary: byCause(0.5, 0.5, 0.5, 0.02, 0.1),
  },
  {
    name: "shared-fate",
    prior: byCause(0.25, 0.1, 0.5, 0.1, 0.05),
    passing: { transient: 2, throttle: 12, outage: 60 },
    secondary: byCause(0.8, 0.7, 0.1, 0.02, 0.15),
  },
];

/** How often a failure of each cause shows each class, in the order of `failureClasses`. */
export const classChances: Readonly<Record<Cause, readonly number[]>> = byCause(
  [0.45, 0.5, 0.02, 0.02, 0.01],
  [0.25, 0.25, 0.47, 0.02, 0.01],
  [0.5, 0.45, 0.02, 0.01, 0.02],
  [0.1, 0.4, 0.01, 0.45, 0.04],
  [0.1, 0.2, 0.01, 0.09, 0.6],
);

/** A correction that is not a retry. */
export interface Remedy {
  readonly seconds: number;
  readonly cost: number;
  /** How often it succeeds; null where the service says so. */
  readonly success: Readonly<Record<Cause, number>> | null;
  /** How often it succeeds once what passes has passed; null where that makes no difference. */
  readonly successOncePassed: number | null;
}

export const remedies = {
  source: { seconds: 0.6, cost: 0.05, success: null, successOncePassed: null },
  params: { seconds: 1, cost: 0.03, success: byCause(0.25, 0.05, 0.02, 0.75, 0.05), successOncePassed: 0.95 },
  backup: { seconds: 2, cost: 0.35, success: byCause(0.97, 0.97, 0.97, 0.05, 0.9), successOncePassed: null },
  rollback: { seconds: 10, cost: 0.1, success: byCause(0.85, 0.6, 0.1, 0.35, 0.25), successOncePassed: 0.95 },
} as const satisfies Readonly<Record<string, Remedy>>;

export type RemedyName = keyof typeof remedies;

export const remedyNames = ["source", "params", "backup", "rollback"] as const satisfies readonly RemedyName[];

function byCause<T>(transient: T, throttle: T, outage: T, badParameter: T, missing: T): Record<Cause, T> {
  return { transient, throttle, outage, "bad-parameter": badParameter, missing };
}
