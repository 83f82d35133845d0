import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createPlanner,
  hostClock,
  type MemoryLog,
  memoryLog,
  type PlannerOptions,
  retry,
  runbook,
} from "belay-rl/recovery";
import { onTestFinished } from "vitest";

/** A planner of short waits, with what it waited and what it recorded. */
export function shortWaits(changes: Partial<PlannerOptions> = {}) {
  const log = memoryLog();
  const waits: number[] = [];
  const host = hostClock();
  const planner = createPlanner({
    name: "orders",
    features: (failure) => ({ error: failure.class }),
    actions: { retry: retry({ delaysMs: [1, 3, 5] }) },
    baseline: runbook({ "*": ["retry:1", "retry:3", "retry:5"] }),
    guard: { breaker: null, retryBudget: null },
    // Waits are noted, and not waited; the deadline of 90 s is.
    clock: {
      ...host,
      after(milliseconds, callback) {
        if (milliseconds > 60_000) return host.after(milliseconds, callback);
        waits.push(milliseconds);
        return host.after(0, callback);
      },
    },
    log,
    seed: 1,
    ...changes,
  });
  return { planner, log, waits };
}

/** What was decided, and what came of it. */
export function told({ records }: MemoryLog): string[] {
  return records.map(({ class: failureClass, action, outcome }) => `${failureClass} ${action} ${outcome}`);
}

/** A server for one test that answers each request by the next of these; the last goes on. */
export async function serving(
  ...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<{ readonly url: string; readonly requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume();
    answers[Math.min(requests.length, answers.length) - 1](request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A status, with headers and a body. */
export function answer(status: number, headers: Record<string, string> = {}, body = "{}") {
  return (_: IncomingMessage, response: ServerResponse) => void response.writeHead(status, headers).end(body);
}

/** A connection that breaks off before any answer. */
export function reset({ socket }: IncomingMessage): void {
  socket.resetAndDestroy();
}
