import type { DecisionRecord } from "belay-rl/recovery";

/** A decision as a planner would log it, but for what a test says. */
export function decision(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    kind: "decision",
    planner: "orders",
    time: 1_750_000_000_000,
    traceId: null,
    service: "flaky-api",
    episode: "e0",
    step: 0,
    mode: "shadow",
    arm: "baseline",
    policyHash: "c0ffee",
    class: "TIMEOUT",
    features: { error: "TIMEOUT", attempt: 1, stale: false, retryAfterMs: null },
    history: [{ choice: "retry:0", class: "TIMEOUT", outcome: "5XX", durationMs: 12.5 }],
    choices: ["retry:1000", "source", "giveUp"],
    mask: [1, 0, 1],
    policyProbabilities: [0.75, 0, 0.25],
    probabilities: [1, 0, 0],
    draw: 0.5,
    action: "retry:1000",
    propensity: 1,
    baseline: "retry:1000",
    decider: "baseline",
    cause: null,
    inferenceMs: 0.01,
    outcome: "ok",
    durationMs: 1300,
    reward: { success: 1, seconds: -0.0052, calls: -0.02, cost: 0, unhealthy: 0, escalate: 0, deadline: 0 },
    terminal: true,
    ...changes,
  };
}

/** Decisions of as many episodes, numbered from `start`. */
export function decisions(count: number, start = 0): DecisionRecord[] {
  return Array.from({ length: count }, (_, i) => decision({ episode: `e${start + i}` }));
}

/** All that comes. */
export async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
