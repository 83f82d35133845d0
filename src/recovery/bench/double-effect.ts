import { createRandom, type Random } from "../../math/random.ts";
import { escalate, fetchFrom, rerun, retry, switchTo, undoAndReplay } from "../action/build.ts";
import type { Clock } from "../clock.ts";
import { createPlanner, type Planner } from "../planner/create-planner.ts";
import { type Fault, type FaultyStep, faultErrors, faultyStep } from "../simulation/faulty-step.ts";
import type { BenchOptions } from "./options.ts";

/** What became of steps whose calls fail, under a planner that tries all it may, by chance. */
export interface FaultyRuns {
  readonly runs: number;
  /** Calls that failed. */
  readonly faults: number;
  /** Runs in which the effect happened twice or more: what must not be. */
  readonly doubleEffects: number;
  /** Runs that ended in a success after a failure. */
  readonly rescued: number;
  /** Calls made again, to the service or its replica. */
  readonly repeats: number;
}

export interface DoubleEffectReport {
  /** The step declared for what it is. */
  readonly guarded: FaultyRuns;
  /** The same planner told that the step may be repeated: what the guard prevents. */
  readonly misdeclared: FaultyRuns;
}

/** A million steps that are not idempotent, with faults injected, under a planner that explores all that is allowed. */
export function benchDoubleEffect({ seed, quick, onProgress }: BenchOptions): DoubleEffectReport {
  const guarded = runFaulty(quick ? 20_000 : 1_000_000, false, seed, onProgress);
  const misdeclared = runFaulty(quick ? 2_000 : 20_000, true, seed, onProgress);
  return { guarded, misdeclared };
}

/** `idempotent` is what the step is declared to be. */
export function runFaulty(
  runs: number,
  idempotent: boolean,
  seed: number,
  onProgress?: BenchOptions["onProgress"],
): FaultyRuns {
  const random = createRandom(seed);
  const clock = standingClock();
  const planner = recklessPlanner(clock, seed);
  const tally = { runs, faults: 0, doubleEffects: 0, rescued: 0, repeats: 0 };
  for (let run = 1; run <= runs; run++) {
    const step = faultyStep(random);
    recover(planner, step, idempotent, clock, random, tally);
    if (step.effects > 1) tally.doubleEffects += 1;
    if (run % 10_000 === 0)
      onProgress?.(`${tally.doubleEffects} done twice`, { share: run / runs, count: run, unit: "episodes" });
  }
  return tally;
}

/** One step through the planner's episode, as `wrap` would take it, without waiting. */
function recover(
  planner: Planner,
  step: FaultyStep,
  idempotent: boolean,
  clock: StandingClock,
  random: Random,
  tally: { faults: number; rescued: number; repeats: number },
): void {
  const first = step.call();
  if (first === null) return;
  const episode = planner.episode("orders", { idempotent });
  for (let fault: Fault = first; ; ) {
    tally.faults += 1;
    const { choice, waitMs, exhausted } = episode.failed(faultErrors[fault]);
    const { kind } = choice.action;
    if (kind === "escalate") {
      if (exhausted === null) episode.gaveUp();
      return;
    }
    clock.pass(waitMs + 1000 * random.uniform());
    if (kind === "undoAndReplay") {
      step.undo();
      episode.undone();
    }
    if (kind !== "fetchFrom") tally.repeats += 1;
    const next = kind === "fetchFrom" ? (random.uniform() < 0.5 ? null : "before") : step.call();
    if (next === null) {
      tally.rescued += 1;
      episode.succeeded();
      return;
    }
    fault = next;
  }
}

/** A planner without any sense: it takes any choice that is left to it. */
function recklessPlanner(clock: Clock, seed: number): Planner {
  const never = () => {
    throw new Error("benchDoubleEffect: the benchmark makes all calls itself.");
  };
  return createPlanner({
    name: "double-effect",
    features: ({ class: failureClass }) => ({ failureClass }),
    actions: {
      retry: retry({ delaysMs: [0, 1000, 8000] }),
      replica: switchTo(never),
      smaller: rerun(never),
      rollback: undoAndReplay({ undo: never }),
      backup: fetchFrom(never),
      giveUp: escalate(),
    },
    guard: { breaker: null, retryBudget: null },
    explore: { epsilon: 1, among: "legal" },
    clock,
    seed,
  });
}

interface StandingClock extends Clock {
  pass(milliseconds: number): void;
}

function standingClock(): StandingClock {
  let now = 0;
  return {
    now: () => now,
    wall: () => now,
    after: () => () => undefined,
    pass(milliseconds) {
      now += milliseconds;
    },
  };
}
