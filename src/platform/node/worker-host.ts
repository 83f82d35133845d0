import { Worker } from "node:worker_threads";
import type { Outcome, WorkerHost, WorkerThread } from "../../algorithm/worker-host.ts";
import { openLine } from "../worker-thread.ts";

export interface WorkerHostOptions {
  /** URL of a module whose default export, `make` or `env` makes the environment: for one that is not Belay's own. */
  readonly environmentModule?: string | URL | null;
  /** Where a bundler has put `belay-rl/node/worker`, if not beside this module. */
  readonly script?: string | URL;
}

/** Node's worker threads. */
export function nodeWorkerHost({ environmentModule, script }: WorkerHostOptions = {}): WorkerHost {
  return {
    environmentModule: environmentModule?.toString() ?? null,
    spawn: () => spawn(new URL(script ?? "./worker.js", import.meta.url)),
  };
}

/** It keeps the process alive only while it works. */
function spawn(script: URL): WorkerThread {
  const worker = new Worker(script);
  worker.unref();
  const { thread, report } = openLine({
    send(question) {
      worker.ref();
      worker.postMessage(question);
    },
    end: async () => void (await worker.terminate()),
  });
  let fault: Error | null = null;
  worker.on("message", (outcome: Outcome) => {
    worker.unref();
    report(outcome);
  });
  worker.on("error", (error: Error) => {
    fault = error;
  });
  worker.on("exit", (code) =>
    report({ kind: "died", reason: fault ? fault.message : `its thread ended with code ${code}` }),
  );
  return thread;
}
