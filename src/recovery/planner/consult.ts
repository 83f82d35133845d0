import type { Clock } from "../clock.ts";
import type { Definition } from "../definition.ts";
import type { Failure } from "../failure.ts";
import type { Features } from "../feature/encoder.ts";
import type { KillSwitch } from "../guard/kill-switch.ts";
import type { RecoveryPolicy } from "../policy.ts";

/** Why a learned policy could not be used. */
export type FallbackCause =
  | "kill-switch"
  | "no-model"
  | "stale-model"
  | "exception"
  | "unknown-value"
  | "not-finite"
  | "slow";

/** What the learned policy says of one failure. */
export interface Advice {
  readonly features: Features;
  /** What the policy was shown, overwritten by the next question; null where it was shown nothing. */
  readonly observation: Float32Array | null;
  /** How likely each choice is; null where `cause` says why not. */
  readonly probabilities: Float32Array | null;
  readonly cause: FallbackCause | null;
  /** For a person: the feature that is unknown, the exception's message. */
  readonly detail: string | null;
  readonly inferenceMs: number;
}

/** A policy with what its use depends on. */
export interface Model {
  readonly policy: RecoveryPolicy;
  /** Milliseconds since 1970; null where nobody knows. */
  readonly trainedAt: number | null;
}

export interface ConsultOptions {
  readonly clock: Clock;
  readonly killSwitches: readonly KillSwitch[];
  readonly maxInferenceMs: number;
  readonly maxModelAgeMs: number;
}

/** Asks the policy, and lets none of its faults through: whatever goes wrong is a cause to fall back on the runbook. */
export function createConsult({ features, encoder, choices }: Definition, options: ConsultOptions) {
  const { clock, killSwitches, maxInferenceMs, maxModelAgeMs } = options;
  const observation = new Float32Array(encoder.size);

  function ask(
    model: Model,
    failure: Failure,
    seen: Features,
    mask: Uint8Array,
  ): Pick<Advice, "probabilities" | "cause" | "detail"> {
    const unknown = encoder.encode(seen, failure.class, failure.history, observation);
    if (unknown !== null) return without("unknown-value", unknown);
    const probabilities = new Float32Array(choices.length);
    model.policy.probabilities(observation, mask, probabilities);
    const fault = faultOf(probabilities, mask);
    return fault === null ? { probabilities, cause: null, detail: null } : without("not-finite", fault);
  }

  return (model: Model | null, failure: Failure, mask: Uint8Array): Advice => {
    const seen = seenBy(features, failure);
    if (seen instanceof Error) return { ...nothing, ...without("exception", seen.message) };
    if (killSwitches.some(isOn)) return { ...nothing, features: seen, ...without("kill-switch", null) };
    if (!model) return { ...nothing, features: seen, ...without("no-model", null) };
    if (model.trainedAt !== null && clock.wall() - model.trainedAt > maxModelAgeMs) {
      return { ...nothing, features: seen, ...without("stale-model", null) };
    }
    const begin = clock.now();
    let answer: ReturnType<typeof ask>;
    try {
      answer = ask(model, failure, seen, mask);
    } catch (error) {
      answer = without("exception", messageOf(error));
    }
    const inferenceMs = Math.max(0, clock.now() - begin);
    if (answer.cause === null && inferenceMs > maxInferenceMs) answer = without("slow", `${inferenceMs.toFixed(1)} ms`);
    const isShown = answer.cause !== "unknown-value" && answer.cause !== "exception";
    return { features: seen, observation: isShown ? observation : null, ...answer, inferenceMs };
  };
}

const nothing = { features: {}, observation: null, inferenceMs: 0 } as const;

function without(cause: FallbackCause, detail: string | null) {
  return { probabilities: null, cause, detail } as const;
}

/** A switch that cannot be read is taken to be on. */
function isOn(killSwitch: KillSwitch): boolean {
  try {
    return killSwitch.isOn();
  } catch {
    return true;
  }
}

/** What is wrong with probabilities; null where they are finite, on allowed choices only, and sum to 1. */
function faultOf(probabilities: Float32Array, mask: Uint8Array): string | null {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const chance = probabilities[i];
    if (!(chance >= 0)) return `chance ${chance} of choice ${i}`;
    if (chance > 0 && mask[i] === 0) return `chance ${chance} of choice ${i}, which is not allowed`;
    sum += chance;
  }
  return Math.abs(sum - 1) < 1e-3 ? null : `chances that sum to ${sum}`;
}

function seenBy(features: Definition["features"], failure: Failure): Features | Error {
  try {
    return features(failure);
  } catch (error) {
    return new Error(messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
