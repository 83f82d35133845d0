import { expect, test } from "vitest";
import { exp } from "../../math/transcendental.ts";
import { escalate, fetchFrom, retry } from "../action/build.ts";
import { define, specimenOf } from "../definition.ts";
import type { Failure } from "../failure.ts";
import { category, number } from "../feature/encoding.ts";
import type { RecoveryPolicy } from "../policy.ts";
import { runbook } from "../runbook/runbook.ts";
import { createExplainer } from "./explain.ts";
import { explanationLines } from "./explanation-lines.ts";

const definition = define({
  name: "orders",
  features: ({ tags, timeShare }) => ({ region: tags["region"] ?? "eu", load: Number(tags["load"] ?? 0), timeShare }),
  encoding: { region: category(["eu", "us"]), load: number({ scale: 1 }), timeShare: number({ scale: 1 }) },
  actions: { retry: retry({ delaysMs: [1000] }), source: fetchFrom(() => {}), giveUp: escalate() },
  classes: ["TIMEOUT", "429"],
});
const place = (name: string) => definition.encoder.groups.find((group) => group.name === name)!.offset;

/** A linear policy: 2 · [us] + 3 · load for source, − 4 · tried(retry) for retry, 1 · [429] for retry; timeShare counts for nothing. */
const policy: RecoveryPolicy = {
  hash: "linear",
  probabilities(observation, mask, out) {
    const retryScore = observation[place("class") + 1] - 4 * observation[place("tried")];
    const sourceScore = 2 * observation[place("region") + 1] + 3 * observation[place("load")];
    const weights = [exp(retryScore), exp(sourceScore), exp(-1)].map((weight, i) => weight * mask[i]);
    const sum = weights.reduce((a, b) => a + b);
    for (let i = 0; i < 3; i++) out[i] = weights[i] / sum;
  },
};

const reference = [
  { class: "TIMEOUT", features: { region: "eu", load: 0, timeShare: 0 } },
  { class: "429", features: { region: "us", load: 1, timeShare: 0.5 } },
];
const explainer = createExplainer({ definition, policy, reference, runbook: runbook({ "*": ["retry:1000"] }) });

const tried = [{ choice: "retry:1000", class: "TIMEOUT", outcome: "TIMEOUT", durationMs: 1300 }];
const failure: Failure = {
  ...specimenOf("TIMEOUT"),
  service: "load-orders",
  tags: { region: "us", load: "0.9" },
  timeShare: 0.2,
  attempt: 2,
  history: tried,
};

test("an influence is what the preference loses, on average, when the reference's value takes its place", () => {
  const { chosen, instead, preference, influences } = explainer.failure(failure);
  expect([chosen, instead]).toEqual(["source", "giveUp"]); // the runbook's retry is used up, so that it gives up
  // Source over giveUp: 2 + 3 · .9 + 1 = 5.7.
  expect(preference).toBeCloseTo(5.7, 4);
  const changes = Object.fromEntries(influences.map(({ name, change }) => [name, change]));
  expect(changes["region"]).toBeCloseTo(2 - (0 + 2) / 2, 4);
  expect(changes["load"]).toBeCloseTo(3 * 0.9 - (3 * 0 + 3 * 1) / 2, 4);
  expect(changes["timeShare"]).toBeCloseTo(0, 5);
  expect(changes["class"]).toBeCloseTo(0, 5); // it moves retry alone
  expect(influences.map(({ name }) => name).slice(0, 2)).toEqual(["load", "region"]);
});

test("a correction that was tried is an influence of its own: without it the choice would be weighed anew", () => {
  const again = createExplainer({
    definition,
    policy,
    reference,
    runbook: runbook({ "*": ["retry:1000", "retry:1000"] }),
  });
  const { instead, influences } = again.failure(failure);
  expect(instead).toBe("retry:1000");
  const influence = influences.find(({ name }) => name === "retry:1000")!;
  expect(influence.change).toBeCloseTo(4 / 4, 4); // tried once is a quarter
  expect(influence.seen).toBe("tried, met TIMEOUT");
  // The class speaks against: TIMEOUT gives retry 0, the reference on average ½.
  expect(influences.find(({ name }) => name === "class")?.change).toBeCloseTo(0.5, 4);
});

test("three lines tell the choice, the runbook's, and what made the difference", () => {
  expect(explanationLines(explainer.failure(failure))).toEqual([
    "load-orders met TIMEOUT: the policy takes source. Of what is allowed it gives source 99 %, retry:1000 <1 %, giveUp <1 %.",
    "The runbook would take giveUp.",
    "Rather than giveUp: for it speak load 0.9 (odds ×3.3), region us (×2.7).",
  ]);
  const alone = explanationLines({ ...explainer.failure(failure), instead: null, baseline: "source", influences: [] });
  expect(alone.slice(1)).toEqual(["The runbook does the same.", "Nothing else was allowed."]);
});

test("a record is explained as it was decided, and what the policy never learned is refused", () => {
  const record = {
    service: "load-orders",
    class: "TIMEOUT",
    features: { region: "eu", load: 0, timeShare: 0 },
    history: [],
    mask: [1, 1, 1],
    action: "retry:1000",
    baseline: "source",
    decider: "policy",
  } as unknown as Parameters<typeof explainer.record>[0];
  const { chosen, instead, preference } = explainer.record(record);
  expect([chosen, instead]).toEqual(["retry:1000", "source"]);
  expect(preference).toBeCloseTo(0, 5);
  expect(explainer.record({ ...record, decider: "baseline", action: "giveUp" }).chosen).toBe("retry:1000");
  expect(() => explainer.record({ ...record, class: "NODATA" })).toThrow("explain: the policy knows no class");
});
