import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { findCheckpoint } from "./checkpoint.ts";
import {
  createConfig,
  type EvaluationPlan,
  type RunConfig,
  readConfig,
  requireUnchanged,
  requireVacant,
  writeConfig,
} from "./config.ts";
import { drive } from "./drive.ts";
import type { Finished, RunEvent, RunResult, Warning } from "./event.ts";
import { readEvents } from "./event-log.ts";
import { POLICY } from "./layout.ts";
import { restorePolicy } from "./practise.ts";
import { RunError } from "./run-error.ts";
import { createRunState } from "./run-state.ts";
import { type Store, StoreError } from "./store.ts";
import type { RunHost, Task } from "./task.ts";

/** What to train, in what, and how. */
export interface RunSpecification<Config, O extends Space, A extends Space> extends Task<Config, O, A> {
  /** The algorithm's, its seed among them; what is left out is filled from its defaults. */
  readonly options?: Partial<NoInfer<Config>>;
  readonly evaluation?: Partial<EvaluationPlan> | undefined;
}

/** Trains, evaluates and records. What is told is written within a fifth of a second, or at once if it matters; `host.signal` stops a run early. */
export async function* run<Config extends object, O extends Space, A extends Space>(
  { options, evaluation, ...task }: RunSpecification<Config, O, A>,
  host: RunHost,
): AsyncGenerator<RunEvent, RunResult, void> {
  const { store, platform } = host;
  await requireVacant(store);
  const unlock = await store.lock();
  try {
    await requireVacant(store); // still, now that nobody else can move in
    const { id, warnings } = inspect(task.makeEnv);
    const config = createConfig({
      algorithm: task.algorithm.name,
      environment: id,
      options: { ...task.algorithm.defaults, ...options },
      evaluation,
      platform,
    });
    return yield* begin(task, config, host, warnings);
  } finally {
    await unlock();
  }
}

/** What fails before the first step leaves nothing behind. */
async function* begin<Config extends object, O extends Space, A extends Space>(
  task: Task<Config, O, A>,
  config: RunConfig,
  host: RunHost,
  warnings: readonly Warning[],
): AsyncGenerator<RunEvent, RunResult, void> {
  const state = createRunState();
  try {
    await writeConfig(host.store, config);
    return yield* drive(task, config, host, { opening: startOf(config), state, warnings });
  } catch (error) {
    const preparing = error instanceof RunError ? error.stage === "preparing" : error instanceof StoreError;
    if (preparing && state.steps === 0) await host.store.withdraw().catch(() => undefined); // the first fault is told
    throw error;
  }
}

/**
 * Goes on with a run from its last checkpoint, or from its start if it had none, and ends with the same bytes.
 * `find` gives the algorithm and the environment that the run's config names.
 */
export async function* resume<Config extends object, O extends Space, A extends Space>(
  find: (config: RunConfig) => Task<Config, O, A> | Promise<Task<Config, O, A>>,
  host: RunHost,
): AsyncGenerator<RunEvent, RunResult, void> {
  const { store } = host;
  const config = await readConfig(store);
  const settled = await lastWord(store, config);
  if (settled) {
    yield settled;
    return settled;
  }
  const unlock = await store.lock();
  try {
    const last = (await readEvents(store)).at(-1);
    const { checkpoint, file, damage } = await findCheckpoint(store);
    if (checkpoint) requireUnchanged(config, checkpoint.trained, store);
    if (checkpoint?.state.trained) await restorePolicy(store, checkpoint.snapshot);
    if (last?.kind === "finished") {
      yield last;
      return last;
    }
    const state = checkpoint?.state ?? createRunState();
    return yield* drive(await find(config), config, host, {
      opening: last ? { kind: "resumed", steps: state.steps } : startOf(config),
      state,
      snapshot: checkpoint?.snapshot,
      checkpointFile: file,
      warnings: damage.map((seen) => ({ ...damagedCheckpoint, seen })),
    });
  } finally {
    await unlock();
  }
}

/** Of a run that is finished and has its policy: to tell it takes neither a lock nor a sound checkpoint. */
async function lastWord(store: Store, config: RunConfig): Promise<Finished | null> {
  const last = (await readEvents(store)).at(-1);
  if (last?.kind !== "finished" || !(await store.list()).includes(POLICY)) return null;
  const found = await findCheckpoint(store).catch(() => null);
  if (found?.checkpoint) requireUnchanged(config, found.checkpoint.trained, store);
  return last;
}

const damagedCheckpoint = {
  name: "damaged-checkpoint",
  why: "A checkpoint that does not match its checksum cannot be trusted.",
  advice: "Nothing to do: the run goes on from the checkpoint before it.",
} as const;

function startOf({ algorithm, environment, seed }: RunConfig) {
  return { kind: "started", steps: 0, algorithm, environment, seed } as const;
}

function inspect(makeEnv: () => Pick<Env, "id" | "snapshot" | "restore" | "close">): {
  readonly id: string;
  readonly warnings: readonly Warning[];
} {
  const env = makeEnv();
  env.close?.();
  const { id } = env;
  if (env.snapshot && env.restore) return { id, warnings: [] };
  const inexact: Warning = {
    name: "inexact-resume",
    seen: `${id} has no snapshot and restore`,
    why: "A resumed run cannot put the environment back where it was, so it goes on to other bytes.",
    advice: "Give the environment snapshot() and restore(), if exact resume matters.",
  };
  return { id, warnings: [inexact] };
}
