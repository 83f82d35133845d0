import { define } from "../../recovery/definition.ts";
import { pretrain } from "../../recovery/learn/pretrain.ts";
import { type Contestant, cockatielContestant, learnedContestant, runbookContestant } from "./contestants.ts";
import { type Score, scoreOf } from "./measure.ts";
import { bareSteps, type Remedies, runPipeline, type StepResult } from "./pipeline.ts";
import { demoProblem } from "./problem.ts";
import { type Fault, schedule } from "./schedule.ts";
import { demoSimulator } from "./simulation.ts";
import { createWorld } from "./world.ts";

export interface DemonstrationOptions {
  readonly seed: number;
  /** Of faults. */
  readonly seconds: number;
  /** Pages that arrive each second. */
  readonly perSecond: number;
  /** Simulated decisions that the learned planner is trained on. */
  readonly trainingSteps: number;
  readonly onProgress?: (progress: DemonstrationProgress) => void;
}

export type DemonstrationProgress =
  | { readonly stage: "training"; readonly share: number; readonly return: number | null }
  | { readonly stage: "faults"; readonly second: number; readonly result: StepResult; readonly contestant: string };

export interface Demonstration {
  readonly seed: number;
  readonly seconds: number;
  readonly faults: readonly Fault[];
  /** Simulated decisions and the seconds they took. */
  readonly training: { readonly steps: number; readonly seconds: number; readonly policyHash: string };
  readonly contestants: readonly Performance[];
  /** Why one did not take part, or null. */
  readonly absent: string | null;
}

/** One contestant's way through the faults. */
export interface Performance {
  readonly name: Contestant["name"];
  readonly title: string;
  readonly score: Score;
  readonly results: readonly StepResult[];
}

/** Trains, then lets the same faults happen to all contestants at once, each in a world of his own. */
export async function demonstrate({
  seed,
  seconds,
  perSecond,
  trainingSteps,
  onProgress,
}: DemonstrationOptions): Promise<Demonstration> {
  const begin = performance.now();
  const { policy, file, steps } = await pretrain(define(demoProblem(nowhere)), demoSimulator(), {
    seed,
    options: { totalSteps: trainingSteps },
    onProgress: ({ steps: done, totalSteps, return: mean }) =>
      onProgress?.({ stage: "training", share: done / totalSteps, return: mean }),
  });
  const training = { steps, seconds: (performance.now() - begin) / 1000, policyHash: policy.hash };
  const cockatiel = await cockatielContestant();
  const contestants = [...(cockatiel ? [cockatiel] : []), runbookContestant(seed), learnedContestant(seed, file)];
  const faults = schedule(seconds, seed);
  const performances = await Promise.all(
    contestants.map((contestant) =>
      perform(contestant, faults, { seconds, perSecond }, (result) =>
        onProgress?.({ stage: "faults", second: result.end / 1000, result, contestant: contestant.name }),
      ),
    ),
  );
  const absent = cockatiel ? null : "cockatiel is not installed; npm i cockatiel to compare";
  return { seed, seconds, faults, training, contestants: performances, absent };
}

/** Lets the faults happen to one contestant, in a world of his own. */
export async function perform(
  { name, title, recover }: Contestant,
  faults: readonly Fault[],
  pace: { readonly seconds: number; readonly perSecond: number },
  onResult: (result: StepResult) => void,
): Promise<Performance> {
  const world = await createWorld();
  const begin = performance.now();
  const now = () => performance.now() - begin;
  try {
    const steps = await recover(bareSteps(world, now));
    const [results] = await Promise.all([runPipeline(steps, { ...pace, now, onResult }), world.disturb(faults)]);
    return { name, title, score: scoreOf(results, world.ledger, world.troubled()), results };
  } finally {
    await world.close();
  }
}

/** In a simulation nothing is called. */
export const nowhere: Remedies = {
  replica: async () => [],
  snapshot: async () => [],
  unbook: async () => undefined,
};
