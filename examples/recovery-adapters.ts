/**
 * The planner in frames of others: cockatiel, opossum, undici, Temporal, AWS's SDK. Each calls a service that fails twice, and
 * waits as the planner decides.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ApplicationFailure } from "@temporalio/common";
import {
  asAwsRetryStrategy,
  asCockatielPolicy,
  asTemporalFailure,
  asUndiciRetry,
  createPlanner,
  memoryLog,
  retry,
  runbook,
} from "belay-rl/recovery";
import { ConsecutiveBreaker, circuitBreaker, handleAll, wrap } from "cockatiel";
import CircuitBreaker from "opossum";
import { Agent, RetryHandler } from "undici";

const log = memoryLog();

const plan = createPlanner({
  name: "examples",
  features: (failure) => ({ error: failure.class, attempt: failure.attempt }),
  actions: { retry: retry({ delaysMs: [5, 20, 80] }) },
  baseline: runbook({ "*": ["retry:5", "retry:20", "retry:80"] }),
  log,
});

async function inCockatiel(url: string): Promise<string> {
  const policy = wrap(
    asCockatielPolicy(plan, "orders", { idempotent: true }),
    circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
  );
  return policy.execute(({ signal }) => load(url, signal));
}

async function inOpossum(url: string): Promise<string> {
  const breaker = new CircuitBreaker(plan.wrap("orders", load, { idempotent: true }));
  try {
    return await breaker.fire(url);
  } finally {
    breaker.shutdown();
  }
}

async function inUndici(url: string): Promise<string> {
  const dispatcher = new Agent().compose(asUndiciRetry(RetryHandler, plan, "orders"));
  const { body } = await dispatcher.request({ origin: url, path: "/", method: "GET" });
  const text = await body.text();
  await dispatcher.close();
  return text;
}

async function inAws(endpoint: string): Promise<string> {
  const client = new SQSClient({
    region: "eu-central-1",
    endpoint,
    credentials: { accessKeyId: "nobody", secretAccessKey: "nothing" },
    retryStrategy: asAwsRetryStrategy(plan, "queues", { idempotent: true }),
  });
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
  client.destroy();
  return QueueUrls.join();
}

/** In an activity, `attempt` is that of `activityInfo()`, and what comes back is thrown. */
async function inTemporal(url: string): Promise<number | undefined> {
  try {
    await load(url);
  } catch (error) {
    const failure = asTemporalFailure(ApplicationFailure, plan, error, {
      service: "orders",
      attempt: 1,
      idempotent: true,
    });
    if (failure instanceof ApplicationFailure) return Number(failure.nextRetryDelay);
  }
  return undefined;
}

async function load(url: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
  return response.text();
}

/** A service that fails twice, then answers. */
async function withService<T>(use: (url: string) => Promise<T>): Promise<T> {
  let calls = 0;
  const server = createServer((_, response) => {
    response.writeHead(++calls <= 2 ? 503 : 200).end('{"QueueUrls":["one"]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export async function main() {
  const cockatiel = await withService(inCockatiel);
  const opossum = await withService(inOpossum);
  const undici = await withService(inUndici);
  const aws = await withService(inAws);
  const temporal = await withService(inTemporal);
  const decisions = log.records.map(({ action, outcome }) => `${action} ${outcome}`);
  return { cockatiel, opossum, undici, aws, temporal, decisions };
}

if (process.argv[1]?.endsWith("recovery-adapters.ts")) console.log(await main());
