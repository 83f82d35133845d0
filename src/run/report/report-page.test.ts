import { expect, test } from "vitest";
import type { RunConfig } from "../config.ts";
import type { Finished, RunEvent } from "../event.ts";
import { reportPage } from "./report-page.ts";

const config: RunConfig = {
  algorithm: "ppo",
  environment: "<b>Mine</b>-v0",
  seed: 4,
  options: { seed: 4, hidden: [64, 32] },
  evaluation: { every: null, episodes: 2, finalEpisodes: 2 },
  version: "0.1.0",
  engine: "node",
  created: "2026-01-02T03:04:05.000Z",
};
const evaluation = { episodes: 2, returns: [1, 3], lengths: [5, 6], mean: 2, std: 1.41, iqm: 2, ci95: [1, 3] } as const;
const result: Finished = {
  kind: "finished",
  reproducible: true,
  time: 9,
  steps: 2000,
  seconds: 2,
  stepsPerSecond: 1000,
  parametersHash: "abc123",
  evaluation,
  best: { steps: 2000, mean: 2 },
};
const warning = { name: "kl-blow-up", seen: "the KL is 3", why: "It leaps.", advice: "Lower learningRate." } as const;
const events: RunEvent[] = [
  ...[1000, 2000].map(
    (steps): RunEvent => ({
      kind: "iteration",
      time: 1,
      steps,
      totalSteps: 2000,
      return: 2,
      seconds: 1,
      stepsPerSecond: 1000,
      secondsLeft: 0,
      metrics: { kl: steps / 1e5, explainedVariance: Number.NaN },
      episodes: {
        count: 1,
        meanReturn: 2,
        lowReturn: 1,
        highReturn: 3,
        meanLength: 5,
        minLength: 5,
        maxLength: 5,
        truncated: 0,
      },
    }),
  ),
  { kind: "warning", time: 2, steps: 1000, warning },
  { kind: "evaluation", time: 3, steps: 2000, evaluation, best: true },
];
const replay = {
  return: 7,
  length: 1,
  film: {
    templates: [["<svg>", "</svg></script>"]],
    frames: [
      [0, "1"],
      [0, "2"],
    ],
  },
} as const;
const page = reportPage({ config, events, result, replay, location: "runs/mine" });

test("the page stands alone: nothing is loaded from anywhere", () => {
  expect(page).not.toMatch(/\b(src|href)=|url\(|@import|https?:/);
});

test("the page says what was run, what came of it and what the doctor said", () => {
  for (const told of ["seed", "64, 32", "abc123", "KL divergence", "The KL is 3. It leaps.", "belay eval runs/mine"]) {
    expect(page).toContain(told);
  }
  expect(page).not.toContain("Explained variance"); // it had no value at any time
});

test("names and drawings cannot break out of their place", () => {
  expect(page).not.toContain("<b>Mine");
  expect(page.match(/<\/script>/g)).toHaveLength(2);
});

test("an interrupted run says where, and how to go on", () => {
  const stopped = reportPage({
    config,
    events: [],
    result: { kind: "interrupted", time: 1, steps: 1234 },
    replay: null,
    location: "runs/mine",
  });
  expect(stopped).toContain("Interrupted at step 1,234");
  expect(stopped).toContain("belay resume runs/mine");
});
