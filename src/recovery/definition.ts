import type { Action, Choice } from "./action/action.ts";
import { choicesOf } from "./action/choices.ts";
import type { Limits } from "./action/legality.ts";
import { failureClasses } from "./classify.ts";
import { type Failure, UNLIMITED_RETRIES } from "./failure.ts";
import { createEncoder, type Encoder, type Features } from "./feature/encoder.ts";
import type { Encoding } from "./feature/encoding.ts";
import { defaultRates, type RewardRates } from "./reward.ts";

/** The decision problem that a service owner states: what is seen, what can be done, what it is worth. */
export interface Problem {
  /** For logs, files and messages: "orders-etl". */
  readonly name: string;
  /** What the policy may see of a failure. The same names and types every time. */
  readonly features: (failure: Failure) => Features;
  /** How features become numbers, by name; what is not named goes by its type. */
  readonly encoding?: Readonly<Record<string, Encoding>>;
  readonly actions: Readonly<Record<string, Action>>;
  readonly reward?: Partial<RewardRates>;
  readonly guard?: Partial<Limits>;
  /** The words that failures come in; those of `classify` unless given. */
  readonly classes?: readonly string[];
}

/** A problem, checked and made ready: what the planner decides by, and what a simulator trains in. */
export interface Definition {
  readonly name: string;
  readonly choices: readonly Choice[];
  /** Theirs, in the same order. */
  readonly names: readonly string[];
  readonly features: (failure: Failure) => Features;
  readonly encoder: Encoder;
  readonly rates: RewardRates;
  readonly limits: Limits;
  readonly classes: readonly string[];
}

/** What a timer can wait: one that is set for longer goes off at once. */
const longestDeadlineMs = 0x7fff_ffff;

const defaultLimits: Limits = { maxAttempts: 8, deadlineMs: 90_000 };

/** Checks a problem; the features are tried on a specimen, whose names and types they must keep to. */
export function define({
  name,
  features,
  encoding = {},
  actions,
  reward = {},
  guard = {},
  classes = failureClasses,
}: Problem): Definition {
  const choices = choicesOf(actions);
  const rates = { ...defaultRates, ...reward };
  for (const [part, rate] of Object.entries(rates)) {
    if (!Number.isFinite(rate))
      throw new RangeError(`createPlanner: reward.${part} must be a finite number, got ${rate}.`);
  }
  const { maxAttempts = defaultLimits.maxAttempts, deadlineMs = defaultLimits.deadlineMs } = guard;
  if (!(Number.isInteger(maxAttempts) && maxAttempts > 0)) {
    throw new RangeError(`createPlanner: guard.maxAttempts must be a positive integer, got ${maxAttempts}.`);
  }
  if (!(deadlineMs > 0 && deadlineMs <= longestDeadlineMs)) {
    throw new RangeError(
      `createPlanner: guard.deadlineMs must be a positive number of at most ${longestDeadlineMs}, got ${deadlineMs}.`,
    );
  }
  return {
    name,
    choices,
    names: choices.map((choice) => choice.name),
    features,
    encoder: createEncoder({ specimen: tried(features, specimenOf(classes[0])), encoding, choices, classes }),
    rates,
    limits: { maxAttempts, deadlineMs },
    classes,
  };
}

/**
 * What a return can be. The lowest is that of all attempts spent on the dearest action to no avail: were it less low, a canary would
 * not see what its policy spends.
 */
export function returnRange({ rates, limits, choices }: Definition): {
  readonly lowest: number;
  readonly highest: number;
} {
  const dearest = Math.max(...choices.map(({ action }) => action.cost));
  const perAttempt = rates.perCall + rates.perUnhealthyCall - dearest;
  const spent = rates.perSecond * (limits.deadlineMs / 1000) + perAttempt * limits.maxAttempts;
  return { lowest: Math.min(rates.deadline, rates.escalate) + Math.min(0, spent), highest: Math.max(0, rates.success) };
}

/** A failure like any other, to see what features make of one. */
export function specimenOf(failureClass: string): Failure {
  return {
    class: failureClass,
    status: null,
    retryAfterMs: null,
    effect: "unknown",
    service: "specimen",
    error: new Error("specimen"),
    attempt: 1,
    elapsedMs: 0,
    timeShare: 0,
    args: [],
    idempotent: true,
    tags: {},
    breaker: { state: "closed" },
    stats: { errorRate10s: 0, errorRate: 0, errorRate10m: 0 },
    health: {},
    budget: UNLIMITED_RETRIES,
    history: [],
  };
}

function tried(features: Problem["features"], specimen: Failure): Features {
  try {
    return features(specimen);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(
      `createPlanner: features failed on a plain failure (no tags, no status, first attempt): ${reason}. They must give every failure the same names.`,
    );
  }
}
