import type { Report, Session } from "../algorithm/algorithm.ts";
import type { Space } from "../env/space.ts";
import type { Snapshot } from "../math/snapshot.ts";
import { whatDecides } from "./config.ts";
import { diagnose } from "./doctor.ts";
import { summarizeOutcomes } from "./evaluate.ts";
import type { RunEvent } from "./event.ts";
import { heedSteps, heedWork } from "./heed-steps.ts";
import { BEST, POLICY } from "./layout.ts";
import { requireFiniteMetrics, requireFiniteParameters } from "./require-finite.ts";
import { RunError } from "./run-error.ts";
import { createTeller, crossed, FIRST, type Told } from "./run-state.ts";
import { evaluationSeeds, policyFile, type Scene, watch } from "./scene.ts";
import type { Store } from "./store.ts";

/** Trains until the algorithm ends or someone asks to stop; says which: true is the end. */
export async function* practise<Config extends object, O extends Space, A extends Space>(
  scene: Scene<Config, O, A>,
  snapshot: Snapshot | undefined,
): AsyncGenerator<RunEvent, boolean, void> {
  const { task, config, host, state, checkpointer, breathe } = scene;
  const { platform, store, signal, workerHost } = host;
  await platform.breathe();
  if (signal?.aborted) return false;
  const begun = () => {
    scene.stage = "training";
  };
  const session: Session = {
    ...(task.kernel && { kernel: task.kernel }),
    ...(snapshot && { resume: snapshot }),
    ...(workerHost && { workerHost: heedWork(workerHost, begun) }),
  };
  const makeEnv = heedSteps(task.makeEnv, begun);
  const training = task.algorithm.run(makeEnv, config.options as Partial<Config>, session);
  const teller = createTeller(state);
  let report: Report<O, A> | null = null;
  try {
    while (true) {
      const begin = platform.now();
      const next = await training.next();
      state.seconds += (platform.now() - begin) / 1000;
      if (next.done) break;

      report = next.value;
      requireFiniteMetrics(report);
      const before = state.steps;
      teller.add(report);
      yield* heedChance(scene, report);

      // What follows the last report is written below, once the algorithm has ended.
      const { goesOn = false } = report;
      const last = report.steps >= report.totalSteps && !goesOn;
      const stopping = signal?.aborted === true && !last;
      const evaluating = last || crossed(before, report.steps, config.evaluation.every ?? report.totalSteps / 10);
      const saving = !last && (evaluating || stopping || checkpointer.due());

      if (evaluating || saving || goesOn || teller.due()) yield* tell(scene, teller.tell());
      if (evaluating || saving) requireFiniteParameters(report);
      if (evaluating) yield* judge(scene, report);
      if (saving) yield* save(scene, report.snapshot());
      if (stopping) return false;
      await breathe();
    }
  } finally {
    await training.return();
  }
  if (!report) throw new RunError(`${config.algorithm} ended without a report.`);
  const policy = policyFile(config, report.policy, report.steps);
  await store.write(POLICY, policy);
  state.trained = true;
  yield* save(scene, { json: null, arrays: { policy } });
  return true;
}

/** Writes the policy's file again where it is gone: the last checkpoint of a trained run holds it whole. */
export async function restorePolicy(store: Store, { arrays: { policy } }: Snapshot): Promise<void> {
  if (policy instanceof Uint8Array && !(await store.list()).includes(POLICY)) await store.write(POLICY, policy);
}

/** Warns once of what the seed does not decide. */
async function* heedChance<Config, O extends Space, A extends Space>(
  { recorder, state }: Scene<Config, O, A>,
  { irreproducible, steps }: Report<O, A>,
): AsyncGenerator<RunEvent, void, void> {
  if (irreproducible === undefined || !state.reproducible) return;
  state.reproducible = false;
  const warning = {
    name: "not-reproducible",
    seen: irreproducible,
    why: "The same seed need not end with the same parameters, nor a resumed run with those of one that was not stopped.",
    advice: "Judge it over several seeds; with one worker, nothing is left to chance.",
  } as const;
  yield await recorder.record({ kind: "warning", steps, warning });
}

async function* tell<Config, O extends Space, A extends Space>(
  { recorder, state }: Scene<Config, O, A>,
  told: Told | null,
): AsyncGenerator<RunEvent, void, void> {
  if (!told) return;
  yield await recorder.record({ kind: "iteration", ...told });
  const untrainedReturns = state.untrainedReturns.length < FIRST ? [] : state.untrainedReturns;
  const warnings = diagnose(state.doctor, { ...told, untrainedReturns });
  for (const warning of warnings) yield await recorder.record({ kind: "warning", steps: told.steps, warning });
}

async function* judge<Config, O extends Space, A extends Space>(
  scene: Scene<Config, O, A>,
  { policy, steps }: Report<O, A>,
): AsyncGenerator<RunEvent, void, void> {
  const { config, host, state, recorder } = scene;
  const seed = evaluationSeeds(config.seed).during;
  const evaluation = summarizeOutcomes(await watch(scene, policy, { episodes: config.evaluation.episodes, seed }));
  // Of equals the later is kept: it has seen more.
  const best = !state.best || evaluation.mean >= state.best.mean;
  if (best) {
    state.best = { steps, mean: evaluation.mean };
    await host.store.write(BEST, policyFile(config, policy, steps));
  }
  yield await recorder.record({ kind: "evaluation", steps, evaluation, best });
}

async function* save<Config, O extends Space, A extends Space>(
  { checkpointer, config, recorder, state }: Scene<Config, O, A>,
  snapshot: Snapshot,
): AsyncGenerator<RunEvent, void, void> {
  await recorder.flush(); // the log must never lag behind the checkpoint
  const file = await checkpointer.save({ snapshot, state, trained: whatDecides(config) });
  yield await recorder.record({ kind: "checkpoint", steps: state.steps, file });
}
