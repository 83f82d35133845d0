import type { Random } from "../../math/random.ts";
import type { Symptom } from "../failure.ts";

/** A world in which steps fail: what policies are trained in and judged by. */
export interface Simulator<E extends SimulatedEpisode = SimulatedEpisode> {
  readonly id: string;
  /** A new failure, with its hidden cause. */
  start(random: Random): E;
}

/** One failure and all that is done about it. */
export interface SimulatedEpisode {
  readonly service: string;
  readonly idempotent: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** What the first failure shows. */
  readonly symptom: Symptom;
  /** Takes a choice by its name, "retry:1000". */
  attempt(choice: string): SimulatedOutcome;
}

export interface SimulatedOutcome {
  /** Waiting included. */
  readonly seconds: number;
  /** What the next failure shows; null where the step was saved. */
  readonly symptom: Symptom | null;
}
