import { performance } from "node:perf_hooks";
import { constantPolicy } from "../../recovery/bench/constant-policy.ts";
import { benchProblem } from "../../recovery/bench/problem.ts";
import { createPlanner } from "../../recovery/planner/create-planner.ts";
import { recoveryBenchServices } from "../../recovery/simulation/recovery-bench-services.ts";
import { section } from "./section.ts";

/** What the planner costs, in microseconds. */
interface Overhead {
  /** Of a call that succeeds: through the planner, less the same call through a wrapper that does nothing. */
  readonly success: number;
  /** Bytes that such a call allocates beyond that wrapper's. */
  readonly successBytes: number;
  /** Of a decision by a policy of two layers of 64 units: features, mask, network, draw, record. */
  readonly decision: { readonly p50: number; readonly p99: number };
}

const ROUNDS = 9;

/** A decision is timed alone; calls in rounds, by turns, of which the median counts. */
async function measureOverhead(quick: boolean): Promise<Overhead> {
  const services = recoveryBenchServices.map(({ name }) => name);
  const planner = createPlanner({
    ...benchProblem(services),
    mode: "on",
    guard: { maxInferenceMs: 1000, retryBudget: null },
  });
  await planner.adopt(constantPolicy(planner.definition, {}, [64, 64]));
  return {
    ...(await successes(planner, quick ? 20_000 : 200_000)),
    decision: decisions(planner, services, quick ? 20_000 : 200_000),
  };
}

async function successes(planner: ReturnType<typeof createPlanner>, calls: number) {
  const step = async (n: number) => n;
  const through = planner.wrap("service", step, { idempotent: true });
  const plain = async (...args: [number]) => {
    try {
      return await step(...args);
    } catch (error) {
      throw new Error("failed", { cause: error });
    }
  };
  const rounds: { time: number; bytes: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [ours, theirs] = [await timed(through, calls), await timed(plain, calls)];
    if (round > 0) rounds.push({ time: ours.time - theirs.time, bytes: ours.bytes - theirs.bytes });
  }
  return { success: median(rounds.map(({ time }) => time)), successBytes: median(rounds.map(({ bytes }) => bytes)) };
}

/** Microseconds and bytes for each call; the bytes of a short burst of what is warm, before anything is collected. */
async function timed(call: (n: number) => Promise<number>, calls: number) {
  const begin = performance.now();
  for (let i = 0; i < calls; i++) await call(i);
  const time = (1000 * (performance.now() - begin)) / calls;
  const heap = process.memoryUsage().heapUsed;
  for (let i = 0; i < 1000; i++) await call(i);
  return { time, bytes: (process.memoryUsage().heapUsed - heap) / 1000 };
}

function decisions(planner: ReturnType<typeof createPlanner>, services: readonly string[], count: number) {
  const error = Object.assign(new Error("HTTP 503"), { status: 503 });
  const times = new Float64Array(count);
  for (let i = -count / 10; i < count; i++) {
    const episode = planner.episode(services[Math.abs(i) % services.length], { idempotent: true });
    const begin = performance.now();
    episode.failed(error);
    const time = 1000 * (performance.now() - begin);
    if (i >= 0) times[i] = time;
    episode.succeeded();
  }
  times.sort();
  return { p50: times[Math.floor(0.5 * count)], p99: times[Math.floor(0.99 * count)] };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

export const overheadSection = section({
  title: "What it costs",
  seconds: { quick: 2, full: 8 },
  measure: ({ quick }) => measureOverhead(quick),
  json: (overhead) => ({ overhead }),
  text: ({ success, successBytes, decision }, { bold }) =>
    [
      `A call that succeeds: ${bold(`${success.toFixed(2)} µs`)} and ${Math.max(0, successBytes).toFixed(0)} bytes more than through a wrapper that does nothing.`,
      `A decision of a policy with 64 units: ${bold(`${decision.p50.toFixed(1)} µs`)}, ${decision.p99.toFixed(1)} µs at p99.`,
    ].join("\n"),
});
