/** A3C as a page runs it. */
import { type A3cConfig, a3c, discrete, type Env, make, type WorkerHost, type WorkerThread } from "belay-rl";
import { browserWorkerHost } from "belay-rl/browser";
import { parametersHash } from "belay-rl/deploy";

/** What a test wants to know of a run. */
export interface Ran {
  readonly steps: number;
  readonly hash: string;
  readonly replaced: number | undefined;
}

const options = { totalSteps: 3000, reportSteps: 500, hidden: [8], seed: 4 };

/** CartPole, with threads where a host is given. */
export function balance(workers: number, workerHost?: WorkerHost): Promise<Ran> {
  return ran(() => make("CartPole-v1"), { workers }, workerHost);
}

/** The same in Web Workers. */
export function balanceInWorkers(workers: number): Promise<Ran> {
  return balance(workers, host());
}

/** Pulls the lever of lever.js, whose environment ends the first thread that has taken 700 steps. */
export function pullLever(): Promise<Ran> {
  const makeEnv = (): Env => ({
    id: "Lever-v0",
    observationSpace: discrete(2),
    actionSpace: discrete(2),
    reset: () => ({ observation: 0, info: {} }),
    step: () => ({ observation: 1, reward: 0, terminated: true, truncated: false, info: {} }),
  });
  return ran(makeEnv, { workers: 2 }, host("lever.js"));
}

/** Whether a thread whose script is not there says so. */
export async function lostScript(): Promise<unknown> {
  const thread: WorkerThread = browserWorkerHost({ script: "gone.js" }).spawn();
  return thread.prepare(null);
}

function host(environmentModule?: string): WorkerHost {
  return browserWorkerHost({ script: "worker.js", environmentModule: environmentModule ?? null });
}

async function ran(makeEnv: () => Env, more: Partial<A3cConfig>, workerHost?: WorkerHost): Promise<Ran> {
  let result = { steps: 0, hash: "", replaced: 0 as number | undefined };
  // @ts-expect-error any environment
  for await (const report of a3c(makeEnv, { ...options, ...more }, workerHost ? { workerHost } : {})) {
    result = {
      steps: report.steps,
      hash: parametersHash(report.policy.parameters),
      replaced: report.metrics.workersReplaced,
    };
  }
  return result;
}
