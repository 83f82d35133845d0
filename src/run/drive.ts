import { load } from "../deploy/load.ts";
import type { SavedPolicy } from "../deploy/policy-file.ts";
import type { Space } from "../env/space.ts";
import type { Snapshot } from "../math/snapshot.ts";
import { createCheckpointer } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import { summarizeOutcomes } from "./evaluate.ts";
import type { Finished, RunEvent, RunResult, Warning } from "./event.ts";
import { readEvents } from "./event-log.ts";
import { POLICY, REPORT } from "./layout.ts";
import { createBreather } from "./platform.ts";
import { practise } from "./practise.ts";
import { openRecorder, timed, type Untimed } from "./recorder.ts";
import { recordReplay } from "./replay.ts";
import { reportPage } from "./report/report-page.ts";
import { RunError } from "./run-error.ts";
import { type RunState, stepsPerSecond } from "./run-state.ts";
import { evaluationSeeds, type Scene, watch } from "./scene.ts";
import { StoreError } from "./store.ts";
import type { RunHost, Task } from "./task.ts";

/** Where driving sets in: at a run's start, or at a checkpoint. */
export interface Beginning {
  readonly opening: Untimed;
  readonly state: RunState;
  readonly snapshot?: Snapshot | undefined;
  readonly checkpointFile?: string | null;
  readonly warnings: readonly Warning[];
}

/** Takes a run from where it stands to its end. */
export async function* drive<Config extends object, O extends Space, A extends Space>(
  task: Task<Config, O, A>,
  config: RunConfig,
  host: RunHost,
  { opening, state, snapshot, checkpointFile = null, warnings }: Beginning,
): AsyncGenerator<RunEvent, RunResult, void> {
  const { store, platform } = host;
  const { recorder, opened } = await openRecorder(store, platform, opening);
  const checkpointer = createCheckpointer(store, platform, checkpointFile);
  const breathe = createBreather(platform);
  const scene: Scene<Config, O, A> = {
    task,
    config,
    host,
    state,
    recorder,
    checkpointer,
    breathe,
    stage: "preparing",
  };
  yield opened;
  try {
    for (const warning of warnings) yield await recorder.record({ kind: "warning", steps: state.steps, warning });
    const trained = state.trained || (yield* practise(scene, snapshot));
    const finished = trained ? await conclude(scene) : null;
    const ending = finished ?? ({ kind: "interrupted", steps: state.steps } as const);
    await writeReport(scene, timed(ending, platform));
    const result = await recorder.record(ending);
    yield result;
    return result;
  } catch (error) {
    return yield* fail(scene, error);
  }
}

/** Judges the trained policy, over starts that no evaluation saw before; null where someone asked to stop. */
async function conclude<Config, O extends Space, A extends Space>(
  scene: Scene<Config, O, A>,
): Promise<Omit<Finished, "time"> | null> {
  const { config, host, state } = scene;
  const policy = await readPolicy(scene);
  const episodes = config.evaluation.finalEpisodes;
  const seed = evaluationSeeds(config.seed).final;
  const outcomes = await watch(scene, policy, { episodes, seed }, () => host.signal?.aborted === true);
  if (outcomes.length < episodes) return null;
  const { steps, seconds, best, reproducible } = state;
  return {
    kind: "finished",
    steps,
    seconds,
    stepsPerSecond: stepsPerSecond(state),
    parametersHash: policy.training.parametersHash,
    reproducible,
    evaluation: summarizeOutcomes(outcomes),
    best,
  };
}

async function writeReport<Config, O extends Space, A extends Space>(
  scene: Scene<Config, O, A>,
  result: RunResult,
): Promise<void> {
  const { config, host, task } = scene;
  if (host.report === false) return;
  const events = [...(await readEvents(host.store)), result];
  const replay =
    result.kind === "finished"
      ? recordReplay(await readPolicy(scene), task.makeEnv, evaluationSeeds(config.seed).final)
      : null;
  await host.store.write(REPORT, reportPage({ config, events, result, replay, location: host.store.location }));
}

/** As the file has it, so that what is judged is what is delivered. */
async function readPolicy<Config, O extends Space, A extends Space>({
  task,
  host: { store },
}: Scene<Config, O, A>): Promise<SavedPolicy<O, A>> {
  const bytes = await store.read(POLICY);
  if (!bytes) throw new RunError(`${store.location}/${POLICY} is gone, though the training had written it.`);
  const env = task.makeEnv();
  env.close?.();
  return load(bytes, env);
}

/** Says what happened, where that is still possible, and passes it on. */
async function* fail<Config, O extends Space, A extends Space>(
  { config, host, recorder, stage, state }: Scene<Config, O, A>,
  error: unknown,
): AsyncGenerator<RunEvent, never, void> {
  const message = error instanceof Error ? error.message : String(error);
  const refused = error instanceof StoreError;
  const at = refused && stage !== "preparing" ? "writing" : stage;
  const failed = { kind: "failed", steps: state.steps, stage: at, message } as const;
  // A store that has just refused may have torn a line: nothing goes behind it.
  yield refused ? timed(failed, host.platform) : await recorder.record(failed);
  const when = failed.stage === "preparing" ? "" : ` after step ${state.steps}`;
  throw new RunError(`${config.algorithm} on ${config.environment} failed in ${failed.stage}${when}: ${message}`, {
    cause: error,
    stage: failed.stage,
  });
}
