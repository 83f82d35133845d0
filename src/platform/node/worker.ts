/** What a thread of `nodeWorkerHost` runs. */
import { parentPort } from "node:worker_threads";
import { createA3cWorker } from "../../algorithm/a3c-worker.ts";
import type { Question } from "../../algorithm/worker-host.ts";

const answer = createA3cWorker();
parentPort?.on("message", async (question: Question) => parentPort?.postMessage(await answer(question)));
