/// <reference lib="dom" />
/** What a thread of `browserWorkerHost` runs. */
import { createA3cWorker } from "../../algorithm/a3c-worker.ts";
import type { Question } from "../../algorithm/worker-host.ts";

const answer = createA3cWorker();
self.onmessage = async ({ data }: MessageEvent<Question | { readonly kind: "hello"; readonly lock: string }>) => {
  if (data.kind !== "hello") self.postMessage(await answer(data));
  else {
    // Held until this worker is no more.
    void navigator.locks.request(data.lock, () => new Promise(() => self.postMessage({ kind: "alive" })));
  }
};
