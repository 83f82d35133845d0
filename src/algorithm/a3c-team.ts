import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { canShareMemory } from "../kernel/wasm/web-assembly.ts";
import type { SharedState } from "./a3c-shared.ts";
import {
  type ActorConfig,
  type ActorState,
  type ActorTask,
  createActorLearner,
  type Share,
  type ShareReport,
} from "./a3c-worker.ts";
import { NonFiniteError } from "./non-finite-error.ts";
import type { OnPolicy } from "./on-policy.ts";
import type { Outcome, WorkerHost, WorkerThread } from "./worker-host.ts";

/** The workers of a run. */
export interface Team {
  /** Has a share done. Workers that died on the way were replaced by new ones, who went on with it. */
  work(share: Share): Promise<TeamReport>;
  end(): Promise<void>;
}

export interface TeamReport {
  /** By worker. */
  readonly reports: readonly ShareReport[];
  readonly replaced: number;
}

/** More deaths than this between two reports are no accident. */
const mostDeaths = 10;

/** What the workers are told, and where they go on. */
export interface TeamPlan {
  readonly config: ActorConfig;
  readonly shared: SharedState;
  readonly workers: number;
  /** Workers that were replaced before. */
  readonly replaced: number;
  /** By worker; null at a run's start. */
  readonly states: readonly ActorState[] | null;
}

/** Of an environment, only what it is called and how to make it are of interest here. */
type MakeNamed = () => Pick<Env, "id" | "recipe" | "close">;

/** One worker, in this thread. */
export function createSolo(actor: OnPolicy<Space, Space>, { config, shared, states }: TeamPlan): Team {
  const first = { index: 0, place: 0, state: states?.[0] ?? null };
  const work = createActorLearner(actor, config, shared, actor.kernel, first);
  return {
    async work(share) {
      shared.begun[0] = 0;
      return { reports: [work(share)], replaced: 0 };
    },
    end: async () => undefined,
  };
}

/** Threads, ready to work. */
export async function createTeam(
  host: WorkerHost,
  makeEnv: MakeNamed,
  { config, shared, workers, replaced, states }: TeamPlan,
): Promise<Team> {
  const task = { ...sourceOf(makeEnv, host), config, shared };
  const threads: WorkerThread[] = [];
  /** Each worker that ever was has a place of its own, and with it starts and chances of its own. */
  let nextPlace = workers + replaced;
  let ended = false;

  function hire(index: number, place: number, state: ActorState | null): Promise<Outcome> {
    threads[index] = host.spawn();
    return threads[index].prepare({ ...task, index, place, state } satisfies ActorTask);
  }

  async function start(index: number): Promise<void> {
    const outcome = await hire(index, index, states?.[index] ?? null);
    if (outcome.kind !== "answered") throw failure(index, outcome);
  }

  async function work(share: Share): Promise<TeamReport> {
    let deaths = 0;
    Atomics.store(shared.begun, 0, 0);

    async function workAt(index: number): Promise<ShareReport> {
      let outcome = await threads[index].work(share);
      while (outcome.kind !== "answered") {
        if (outcome.kind === "failed" || ended || ++deaths > mostDeaths) throw failure(index, outcome);
        outcome = await hire(index, nextPlace++, null);
        if (outcome.kind === "answered") outcome = await threads[index].work(share);
      }
      return outcome.answer as ShareReport;
    }
    const reports = await Promise.all(threads.map((_, index) => workAt(index)));
    return { reports, replaced: deaths };
  }

  async function end(): Promise<void> {
    ended = true;
    await Promise.all(threads.map((thread) => thread.end()));
  }

  try {
    await Promise.all(Array.from({ length: workers }, (_, index) => start(index)));
  } catch (error) {
    await end();
    throw error;
  }
  return { work, end };
}

function failure(index: number, outcome: Exclude<Outcome, { kind: "answered" }>): Error {
  if (outcome.kind === "died") return new Error(`a3c: worker ${index} died: ${outcome.reason}.`);
  const message = `a3c: worker ${index} failed: ${outcome.message}`;
  return outcome.name === "NonFiniteError" ? new NonFiniteError(message) : new Error(message);
}

/** Several workers need threads and memory in common. */
export function requireThreads(workers: number, host: WorkerHost | undefined): void {
  if (!host && workers > 1) {
    throw new TypeError(
      `a3c: ${workers} workers need threads: give the session (or train, or run) a workerHost, nodeWorkerHost() of belay-rl/node ` +
        "or browserWorkerHost() of belay-rl/browser. One worker (workers: 1) needs none.",
    );
  }
  if (host && !canShareMemory()) {
    throw new TypeError(
      "a3c: worker threads need shared memory (SharedArrayBuffer), which a page has only where it is cross-origin isolated: " +
        'serve it with the headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp". ' +
        "One worker (workers: 1) without a workerHost needs none.",
    );
  }
}

/** A function cannot be handed to a thread; a name and a module can. */
function sourceOf(makeEnv: MakeNamed, host: WorkerHost): Pick<ActorTask, "environment" | "environmentId"> {
  const env = makeEnv();
  env.close?.();
  const { id, recipe } = env;
  if (host.environmentModule !== null) {
    return { environmentId: id, environment: { kind: "module", url: host.environmentModule } };
  }
  if (recipe) return { environmentId: id, environment: { kind: "recipe", recipe } };
  throw new TypeError(
    `a3c: a worker thread cannot make ${id}: it must come from make() and from Belay, without a wrapper around it, or from a module ` +
      "whose URL the workerHost is given as environmentModule.",
  );
}
