import type { Limits } from "../action/legality.ts";
import { type Exploration, noExploration } from "../behaviour.ts";
import { type Clock, hostClock } from "../clock.ts";
import { type Definition, define, type Problem } from "../definition.ts";
import type { Symptom } from "../failure.ts";
import { type Breaker, sampling } from "../guard/breaker.ts";
import type { FallbackBudget } from "../guard/fallback-budget.ts";
import type { KillSwitch } from "../guard/kill-switch.ts";
import type { Specification } from "../guard/specification.ts";
import { type RetryBudget, tokenBucket } from "../guard/token-bucket.ts";
import type { LadderRules } from "../ladder/advance.ts";
import { type Ladder, modes } from "../ladder/ladder.ts";
import { memoryState } from "../ladder/memory-state.ts";
import type { StateStore } from "../ladder/state-store.ts";
import type { DecisionLog, Mode } from "../record/decision-record.ts";
import { checkRunbook } from "../runbook/check-runbook.ts";
import { type Runbook, runbook } from "../runbook/runbook.ts";
import { noTelemetry, type Telemetry } from "../telemetry/telemetry.ts";
import type { DriftWatchOptions } from "./drift-watch.ts";
import type { Suggestion } from "./episode-host.ts";

/** Hard limits outside the policy. */
export interface GuardOptions extends Limits {
  /** Of calls beyond the first, for each service; a bucket of ten unless given, null for no limit. */
  readonly retryBudget: Specification<RetryBudget> | null;
  /** For each service; `sampling()` unless given, null for none. */
  readonly breaker: Specification<Breaker> | null;
  /** Of what costly actions may spend, for each service; no limit unless given. */
  readonly fallbackBudget: Specification<FallbackBudget> | null;
  /** Longer than this, and the runbook decides; 1 unless given. */
  readonly maxInferenceMs: number;
  /** An older model is stale, and the runbook decides; no limit unless given. */
  readonly maxModelAgeMs: number;
  /** While it is on, the runbook decides. */
  readonly killSwitch: KillSwitch | null;
}

/** A problem, and how the planner goes about it. */
export interface PlannerOptions extends Omit<Problem, "guard"> {
  readonly guard?: Partial<GuardOptions>;
  /** Default, fallback and reference of the learned policy; all actions in their order unless given. */
  readonly baseline?: Runbook;
  /**
   * How far a policy that this program learns or adopts is let up without further proof: "observe" unless given. Higher than
   * shadow is for who has proved it elsewhere. A ladder that is kept stands where it stood.
   */
  readonly mode?: Mode;
  /** Share of the episodes that a policy decides where `mode` is "canary"; 0.05 unless given. */
  readonly canaryShare?: number;
  /** Where the ladder is kept, and with whom it is shared; in memory unless given. */
  readonly state?: StateStore;
  readonly rules?: Partial<LadderRules>;
  readonly drift?: DriftWatchOptions;
  /** No exploration unless given. */
  readonly explore?: Partial<Exploration>;
  /** What an error shows, where `classify` cannot know; what is left out comes from there. */
  readonly classify?: (error: unknown) => Partial<Symptom> | null;
  readonly log?: DecisionLog;
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
  /** Decides what is drawn by chance; of the engine's entropy unless given. */
  readonly seed?: number;
  /** In mode "suggest": policy and runbook differ. */
  readonly onSuggestion?: (suggestion: Suggestion) => void;
  /** The ladder has moved, here or in another process. */
  readonly onLadder?: (ladder: Ladder) => void;
  /** What went wrong beside the call: a page that was not sent, a state that could not be written. */
  readonly onFault?: (fault: unknown) => void;
}

/** Options with everything in its place. */
export interface Settings {
  readonly definition: Definition;
  readonly guard: GuardOptions;
  readonly baseline: Runbook;
  readonly mode: Mode;
  readonly canaryShare: number;
  readonly state: StateStore;
  readonly exploration: Exploration;
  readonly log: DecisionLog;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}

/** Checks the options and fills them up. */
export function settle(options: PlannerOptions): Settings {
  const { guard: given = {}, ...problem } = options;
  const definition = define({ ...problem, guard: given });
  const guard: GuardOptions = {
    ...definition.limits,
    retryBudget: given.retryBudget === undefined ? tokenBucket() : given.retryBudget,
    breaker: given.breaker === undefined ? sampling() : given.breaker,
    fallbackBudget: given.fallbackBudget ?? null,
    maxInferenceMs: positive("guard.maxInferenceMs", given.maxInferenceMs ?? 1),
    maxModelAgeMs: positive("guard.maxModelAgeMs", given.maxModelAgeMs ?? Infinity),
    killSwitch: given.killSwitch ?? null,
  };
  const { mode = "observe" } = options;
  if (!modes.includes(mode))
    throw new TypeError(`createPlanner: mode must be one of ${modes.join(", ")}, got ${mode}.`);
  const exploration = { ...noExploration, ...options.explore };
  if (!(exploration.epsilon >= 0 && exploration.epsilon <= 1)) {
    throw new RangeError(`createPlanner: explore.epsilon must lie in [0, 1], got ${exploration.epsilon}.`);
  }
  const { choices, classes } = definition;
  const baseline = options.baseline ?? runbook({ "*": choices.map(({ name }) => name) });
  checkRunbook(baseline, choices, { classes });
  return {
    definition,
    guard,
    baseline,
    mode,
    canaryShare: options.canaryShare ?? 0.05,
    state: options.state ?? memoryState(),
    exploration,
    log: options.log ?? noLog,
    telemetry: options.telemetry ?? noTelemetry,
    clock: options.clock ?? hostClock(),
  };
}

const noLog: DecisionLog = { append() {}, flush: async () => undefined, lost: 0 };

function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new RangeError(`createPlanner: ${name} must be a positive number, got ${value}.`);
}
