import { createPlanner, type Planner } from "../../recovery/planner/create-planner.ts";
import type { Mode } from "../../recovery/record/decision-record.ts";
import { isCritical, type Remedies, type StepInput, type Steps } from "./pipeline.ts";
import { demoProblem, expertRunbook } from "./problem.ts";

/** Who keeps the pipeline going: given the bare steps of a world, recovered ones. */
export interface Contestant {
  readonly name: "cockatiel" | "runbook" | "learned";
  readonly title: string;
  recover(bare: Steps & Remedies): Promise<Steps>;
}

/**
 * Cockatiel's exponential backoff with its defaults and the breaker of its readme, at a tenth of their times, and with as many
 * calls as the planner's guard allows; null where it is not installed.
 */
export async function cockatielContestant(): Promise<Contestant | null> {
  const cockatiel = await import("cockatiel").catch(() => null);
  if (!cockatiel) return null;
  const { circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleAll, retry, wrap } = cockatiel;
  const policy = () =>
    wrap(
      retry(handleAll, { maxAttempts: 8, backoff: new ExponentialBackoff({ initialDelay: 12.8, maxDelay: 3000 }) }),
      circuitBreaker(handleAll, { halfOpenAfter: 1000, breaker: new ConsecutiveBreaker(5) }),
    );
  return {
    name: "cockatiel",
    title: "cockatiel: backoff and breaker",
    async recover({ extract, load }) {
      const [orders, warehouse] = [policy(), policy()];
      return {
        extract: (input) => orders.execute(({ signal }) => extract(withSignal(input, signal))),
        load: (input) => warehouse.execute(({ signal }) => load(withSignal(input, signal))),
      };
    },
  };
}

export function runbookContestant(seed: number): Contestant {
  return {
    name: "runbook",
    title: "Belay: the expert's runbook",
    recover: async (bare) => planned(bare, plannerOf(bare, "observe", seed)),
  };
}

/** `file` is what was learned in the simulator. */
export function learnedContestant(seed: number, file: Uint8Array): Contestant {
  return {
    name: "learned",
    title: "Belay: the learned planner",
    async recover(bare) {
      const planner = plannerOf(bare, "on", seed);
      await planner.adopt(file);
      return planned(bare, planner);
    },
  };
}

function plannerOf(bare: Remedies, mode: Mode, seed: number): Planner {
  return createPlanner({ ...demoProblem(bare), baseline: expertRunbook(), mode, seed });
}

function planned({ extract, load }: Steps, planner: Planner): Steps {
  const relaxed = planner.wrap("orders", extract, { idempotent: true });
  const critical = planner.wrap("orders", extract, { idempotent: true, tags: { freshness: "critical" } });
  return {
    extract: (input) => (isCritical(input.page) ? critical(input) : relaxed(input)),
    load: planner.wrap("warehouse", load),
  };
}

function withSignal(input: StepInput, signal: AbortSignal | undefined): StepInput {
  return signal ? { ...input, signal } : input;
}
