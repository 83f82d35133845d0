import type { Arm, DifferenceTest } from "../../math/difference-test.ts";
import type { Mode } from "../record/decision-record.ts";

/** What can happen to a policy on its way up. `time` is in milliseconds since 1970. */
export type LadderEvent = { readonly time: number } & (
  | { readonly kind: "candidate"; readonly policyHash: string }
  | ({ readonly kind: "promote" } & Promotion)
  | ({ readonly kind: "seen" } & Seen)
  | { readonly kind: "drift" | "guard"; readonly detail: string }
  | { readonly kind: "rollback"; readonly reason: string; readonly to?: Mode }
  | { readonly kind: "kill"; readonly reason: string }
);

/** A wish to trust the policy more. */
export interface Promotion {
  readonly to: Mode;
  /** Of a canary: the share of episodes that the policy decides. Nobody guesses it. */
  readonly canaryShare?: number;
  /** Of a canary: whether the policy is turned on as soon as the test says "better". */
  readonly automatic?: boolean;
  /** What the log says of the policy. */
  readonly evidence?: Evidence;
  /** Why the conditions are waived. */
  readonly force?: string;
}

/** The part of an off-policy report that the ladder asks. */
export interface Evidence {
  /** Of the policy that was asked about; of no other is it evidence. */
  readonly policyHash?: string;
  readonly supported: boolean;
  /** The policy's gain over the baseline lies between these, with 95 % confidence. */
  readonly uplift: { readonly lower95: number; readonly upper95: number } | null;
}

/** What one process saw since it last told. */
export interface Seen {
  /** The ladder's `since` at the time: what belongs to another mode or policy does not count. */
  readonly since: number;
  /** By who decided them. */
  readonly episodes: Readonly<Record<Arm, number>>;
  /** Of a canary: the returns of its arms. */
  readonly test: DifferenceTest | null;
  /** Times that the policy's turn came and it could not be used. */
  readonly fallbacks: number;
}

/** What became of an event. */
export type LadderOutcome =
  | { readonly kind: "moved"; readonly from: Mode; readonly to: Mode; readonly reason: string }
  | { readonly kind: "stayed" }
  | { readonly kind: "refused"; readonly reason: string };
