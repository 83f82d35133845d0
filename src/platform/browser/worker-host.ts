/// <reference lib="dom" />
import type { Outcome, WorkerHost, WorkerThread } from "../../algorithm/worker-host.ts";
import { openLine } from "../worker-thread.ts";

export interface WorkerHostOptions {
  /** URL of a module whose default export, `make` or `env` makes the environment: for one that is not Belay's own. */
  readonly environmentModule?: string | URL | null;
  /** Where a bundler has put `belay-rl/browser/worker`, if it does not find it by itself. */
  readonly script?: string | URL;
}

/** What a worker says: that it lives, then an outcome to each question. */
export type WorkerMessage = { readonly kind: "alive" } | Outcome;

/** A page's Web Workers. They share memory only where the page is cross-origin isolated. */
export function browserWorkerHost({ environmentModule, script }: WorkerHostOptions = {}): WorkerHost {
  let spawned = 0;
  const module = environmentModule ? new URL(environmentModule, location.href).href : null;
  return {
    environmentModule: module,
    spawn: () => spawn(script, `belay-worker-${performance.timeOrigin}-${performance.now()}-${spawned++}`),
  };
}

/** A worker takes a lock of its own for life. Nobody is told when a worker ends, but then its lock is free. */
function spawn(script: string | URL | undefined, lock: string): WorkerThread {
  const worker = script
    ? new Worker(script, { type: "module" })
    : new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const { thread, report } = openLine({
    send: (question) => worker.postMessage(question),
    async end() {
      worker.terminate();
      report({ kind: "died", reason: "it was ended" });
    },
  });
  const died = (reason: string) => report({ kind: "died", reason });
  worker.onerror = ({ message }) => {
    worker.terminate();
    died(message || "its script could not be loaded");
  };
  worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
    if (data.kind !== "alive") report(data);
    else void navigator.locks.request(lock, () => died("its worker ended"));
  };
  worker.postMessage({ kind: "hello", lock });
  return thread;
}
