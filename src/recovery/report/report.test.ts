import { expect, test } from "vitest";
import type { Transition } from "../ladder/ladder.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { runbook } from "../runbook/runbook.ts";
import { stackedBars } from "./bars.ts";
import { recoveryPage, recoveryReport } from "./report-page.ts";
import { recoverySummary } from "./summary.ts";
import { timeline } from "./timeline.ts";

const HOUR = 3_600_000;
const choices = ["retry:1000", "source", "giveUp"];
const nothing = { success: 0, seconds: 0, calls: 0, cost: 0, unhealthy: 0, escalate: 0, deadline: 0 };
let count = 0;

/** One decision that ends its episode, unless it is told otherwise. */
function decision(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    kind: "decision",
    planner: "orders-etl",
    time: HOUR,
    traceId: null,
    service: "orders",
    episode: `e${count++}`,
    step: 0,
    mode: "on",
    arm: "policy",
    policyHash: "abc",
    class: "TIMEOUT",
    features: {},
    history: [],
    choices,
    mask: [1, 1, 1],
    policyProbabilities: [0.2, 0.7, 0.1],
    probabilities: [0.2, 0.7, 0.1],
    draw: 0.5,
    action: "source",
    propensity: 0.7,
    baseline: "retry:1000",
    decider: "policy",
    cause: null,
    inferenceMs: 0.1,
    outcome: "ok",
    durationMs: 1000,
    reward: { ...nothing, success: 1, calls: -0.02 },
    terminal: true,
    ...changes,
  };
}

const byRunbook = { arm: "baseline", decider: "baseline", mode: "shadow", action: "retry:1000" } as const;
const retried = decision({
  ...byRunbook,
  outcome: "5XX",
  durationMs: 1300,
  terminal: false,
  reward: { ...nothing, calls: -0.02 },
});
const rescued = decision({
  ...byRunbook,
  episode: retried.episode,
  step: 1,
  action: "source",
  durationMs: 700,
  history: [{ choice: "retry:1000", class: "TIMEOUT", outcome: "5XX", durationMs: 1300 }],
});
const gaveUp = decision({
  ...byRunbook,
  class: "429",
  action: "giveUp",
  outcome: "escalated",
  durationMs: 0,
  reward: { ...nothing, escalate: -0.6 },
});
const saved = decision({ durationMs: 5000 });
const passedOver = decision({
  decider: "fallback",
  cause: "slow",
  policyProbabilities: null,
  service: "<b>users</b>",
  outcome: "deadline",
  action: "retry:1000",
  reward: { ...nothing, calls: -0.02, deadline: -1 },
});
const torn = decision({ terminal: false });
const log = [retried, gaveUp, saved, rescued, passedOver, torn];

test("returns, shares, calls and wasted retries are counted by episode and by who decided it", async () => {
  const { arms, uplift, episodes, decisions, torn: cut } = await recoverySummary(log);
  expect([episodes, decisions, cut]).toEqual([4, 5, 1]);
  const { baseline, policy } = arms;
  expect(baseline?.return.mean).toBeCloseTo((1 - 0.04 - 0.6) / 2, 10);
  expect(baseline).toMatchObject({
    episodes: 2,
    success: 0.5,
    escalated: 0.5,
    exhausted: 0,
    seconds: 2,
    calls: 1,
    wastedRetries: 0.5,
  });
  expect(policy).toMatchObject({
    episodes: 2,
    success: 0.5,
    escalated: 0,
    exhausted: 0.5,
    seconds: 5,
    calls: 1,
    wastedRetries: 0.5,
  });
  expect(policy?.parts).toMatchObject({ success: 0.5, calls: -0.02, deadline: -0.5 });
  const parts = Object.values(policy?.parts ?? {}).reduce((a, b) => a + b);
  expect(parts).toBeCloseTo(policy?.return.mean ?? Number.NaN, 10);
  expect(uplift?.mean).toBeCloseTo(-0.02 - 0.36 / 2, 10);
});

test("time to recovery is compared where both arms saved failures of one service and first class", async () => {
  const elsewhere = decision({ service: "users", durationMs: 90_000 });
  const lost = decision({ outcome: "escalated", action: "giveUp", durationMs: 60_000 });
  const { matched } = await recoverySummary([...log, elsewhere, lost]);
  expect(matched).toEqual({ cells: 1, episodes: 2, policy: 5, baseline: 2 });
});

test("a canary's episodes are compared by themselves, for chance assigned them", async () => {
  const canary = (arm: "policy" | "baseline", success: number) =>
    Array.from({ length: 30 }, () => decision({ mode: "canary", arm, reward: { ...nothing, success } }));
  const both = [...canary("policy", 1), ...canary("baseline", 0.5)];
  const summary = await recoverySummary([...log, ...both]);
  expect(summary.compared).toBe("canary");
  expect(summary.uplift?.mean).toBeCloseTo(0.5, 10);
  expect(summary.episodes).toBe(64);
  expect((await recoverySummary([...log, ...both.slice(1)])).compared).toBe("all");
});

test("where policy and runbook open differently, the table says what each would do", async () => {
  const { firstChoices, fallbacks, deciders } = await recoverySummary(log);
  expect(firstChoices.find(({ service, class: word }) => service === "orders" && word === "TIMEOUT")).toEqual({
    service: "orders",
    class: "TIMEOUT",
    episodes: 2,
    policy: { choice: "source", share: 1 },
    baseline: { choice: "retry:1000", share: 1 },
  });
  expect(fallbacks).toEqual({ slow: 1 });
  expect(deciders).toEqual({ policy: 1, exploration: 0, baseline: 3, fallback: 1 });
});

test("time is cut into at most sixty stretches of a length that people know, and every decision lies in one", () => {
  const records = [0, 1, 30, 59, 100].map((hours) => decision({ time: 10.5 * HOUR + hours * HOUR }));
  const periods = timeline(records, records[0].time, records[4].time);
  expect(periods[0]).toMatchObject({ from: 9 * HOUR, to: 12 * HOUR, deciders: { policy: 2 } });
  expect(periods.length).toBeLessThanOrEqual(60);
  expect(periods.reduce((sum, { deciders }) => sum + deciders.policy, 0)).toBe(5);
  expect(timeline(records.slice(0, 1), records[0].time, records[0].time)).toHaveLength(1);
});

test("a stacked bar has its gains to the right of zero, its costs to the left, and its total where they sum to", () => {
  const parts = [
    { name: "success", value: 0.75 },
    { name: "calls", value: -0.25 },
    { name: "escalate", value: -0.25 },
  ];
  const total = { mean: 0.25, ci95: [0, 0.5] } as const;
  // The axis goes from −.6 to .8 on 1000 − 96 − 24 = 880 units: a tenth is 62.86, and zero lies at 96 + 6 · 62.86 = 473.1.
  const drawing = stackedBars("return", [{ label: "Policy", parts, total }], 1000);
  expect(drawing).toContain('class="success" x="473.1" y="18" width="471.4"');
  expect(drawing).toContain('class="calls" x="316" y="18" width="157.1"');
  expect(drawing).toContain('class="escalate" x="158.9" y="18" width="157.1"');
  expect(drawing).toContain('class="total" d="M630.3 ');
});

const transitions: Transition[] = [
  { time: HOUR, from: "canary", to: "on", policyHash: "abc", canaryShare: 0, forced: false, reason: "it is <better>" },
];

test("the page stands alone and runs no script, and what it quotes cannot break out", async () => {
  const page = await recoveryReport(log, { transitions, runbook: runbook({ "<i>": ["source"] }) });
  expect(page).not.toMatch(/<script|\b(src|href)=|url\(|@import|https?:/);
  for (const stray of ["<b>users", "<better>", "<i>", "<I>"]) expect(page).not.toContain(stray);
  expect(page).toContain("it is &lt;better&gt;");
  expect(page).not.toMatch(/NaN|undefined|null/);
});

test("the page says who decided, why the policy was passed over, and which rules differ", async () => {
  const learned = runbook({ TIMEOUT: ["source"], 429: ["retry:1000"] });
  const inCharge = runbook({ TIMEOUT: ["retry:1000", "source"], 429: ["retry:1000"] });
  const page = recoveryPage(await recoverySummary(log), { transitions, runbook: inCharge, exported: learned });
  for (const told of ["Recovery of orders-etl", "it took too long", "runbook: retry:1000", "canary → on"])
    expect(page).toContain(told);
  expect(page.match(/<tr class="differs">/g)).toHaveLength(2);
  expect(page).toContain("Chance did not assign these episodes");
});

test("a log of one arm alone, or of nothing whole, is told or refused", async () => {
  const page = await recoveryReport([gaveUp]);
  expect(page).not.toMatch(/NaN|undefined|null/);
  expect(page).not.toContain(">Policy</text>");
  await expect(recoverySummary([torn])).rejects.toThrow("recoverySummary: the log holds no whole episode.");
});
