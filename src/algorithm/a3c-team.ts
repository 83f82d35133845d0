import type { Env } from "../env/env.ts";
import { canShareMemory } from "../kernel/wasm/web-assembly.ts";
import {
  type ActorState,
  type ActorTask,
  type EnvironmentSource,
  type KernelName,
  type Share,
  type SharedState,
  type ShareReport,
  threadKernels,
} from "./a3c-worker.ts";
import { NonFiniteError } from "./non-finite-error.ts";
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

/** What the threads of a team are told, and where they stood if they are to go on. */
export interface TeamPlan {
  readonly count: number;
  /** Workers that were replaced before. */
  readonly replaced: number;
  readonly states: readonly ActorState[] | null;
  readonly task: Omit<ActorTask, "place" | "state">;
}

/** One worker, in this thread. */
export function createSolo({ begun }: SharedState, work: (share: Share) => ShareReport): Team {
  return {
    async work(share) {
      begun[0] = 0;
      return { reports: [work(share)], replaced: 0 };
    },
    end: async () => undefined,
  };
}

/** Threads, ready to work. */
export async function createTeam(host: WorkerHost, { count, replaced, states, task }: TeamPlan): Promise<Team> {
  const threads: WorkerThread[] = [];
  /** Each worker that ever was has a place of its own, and with it starts and chances of its own. */
  let nextPlace = count + replaced;
  let ended = false;

  async function hire(index: number, place: number, state: ActorState | null): Promise<void> {
    const thread = host.spawn();
    threads[index] = thread;
    const outcome = await thread.prepare({ ...task, place, state } satisfies ActorTask);
    if (outcome.kind !== "answered") throw failure(index, outcome);
  }

  async function work(share: Share): Promise<TeamReport> {
    let deaths = 0;
    Atomics.store(task.shared.begun, 0, 0);

    async function workAt(index: number): Promise<ShareReport> {
      while (true) {
        const outcome = await threads[index].work(share);
        if (outcome.kind === "answered") return outcome.answer as ShareReport;
        if (outcome.kind === "failed" || ended || ++deaths > mostDeaths) throw failure(index, outcome);
        await hire(index, nextPlace++, null);
      }
    }
    const reports = await Promise.all(threads.map((_, index) => workAt(index)));
    return { reports, replaced: deaths };
  }

  async function end(): Promise<void> {
    ended = true;
    await Promise.all(threads.map((thread) => thread.end()));
  }

  try {
    const places = Array.from({ length: count }, (_, index) => index);
    await Promise.all(places.map((index) => hire(index, index, states?.[index] ?? null)));
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

/** Of the same kind as the run's, where a thread can have such a one. */
export function threadKernelOf(name: string): KernelName {
  const names = Object.keys(threadKernels) as KernelName[];
  const found = names.find((each) => each === name);
  if (found) return found;
  throw new TypeError(`a3c: worker threads take one of the kernels ${names.join(", ")}, got ${name}.`);
}

/** A function cannot be handed to a thread; a name and a module can. */
export function sourceOf({ id, recipe }: Pick<Env, "id" | "recipe">, host: WorkerHost): EnvironmentSource {
  if (host.environmentModule !== null) return { kind: "module", url: host.environmentModule };
  if (recipe) return { kind: "recipe", recipe };
  throw new TypeError(
    `a3c: a worker thread cannot make ${id}: it must come from make() and from Belay, without a wrapper around it, or from a module ` +
      "whose URL the workerHost is given as environmentModule.",
  );
}
