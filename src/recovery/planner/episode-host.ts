import type { Random } from "../../math/random.ts";
import type { Exploration } from "../behaviour.ts";
import type { Clock } from "../clock.ts";
import type { Definition } from "../definition.ts";
import type { Failure, Symptom } from "../failure.ts";
import type { DecisionLog } from "../record/decision-record.ts";
import type { Runbook } from "../runbook/runbook.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Advice, Model } from "./consult.ts";
import type { Standing } from "./standing.ts";

/** What all episodes of a planner share. */
export interface EpisodeHost {
  readonly definition: Definition;
  readonly baseline: Runbook;
  readonly exploration: Exploration;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: DecisionLog;
  readonly telemetry: Telemetry;
  readonly standing: Standing;
  consult(model: Model | null, failure: Failure, mask: Uint8Array): Advice;
  symptomOf(error: unknown, seen: Partial<Symptom> | undefined): Symptom;
  nextId(): string;
  /** Told of what went wrong beside the call: a page that could not be sent. */
  onFault(fault: unknown): void;
  onSuggestion(suggestion: Suggestion): void;
}

/** Told in mode "suggest" where policy and runbook differ. */
export interface Suggestion {
  readonly failure: Failure;
  readonly policy: string;
  readonly baseline: string;
}
