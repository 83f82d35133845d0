import { expect, test } from "vitest";
import { benchProblem } from "../bench/problem.ts";
import { expertRules } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { totalReward } from "../reward.ts";
import { runbook } from "../runbook/runbook.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import { simulatedLog } from "../simulation/simulated-log.ts";
import { logRows } from "./log-rows.ts";

const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const { choices, encoder } = definition;
const width = choices.length;
const log: readonly DecisionRecord[] = [
  ...simulatedLog(definition, recoveryBench(), {
    episodes: 200,
    seed: 2,
    baseline: runbook(expertRules),
    exploration: { epsilon: 0.3, among: "legal" },
  }),
];

test("each decision is a row: what was seen, allowed, chosen and earned", () => {
  const rows = logRows(definition, log);
  expect(rows).toMatchObject({ size: log.length, episodes: 200, leftOut: 0 });
  log.forEach((record, i) => {
    const { step, action, baseline, mask, propensity, reward, terminal } = record;
    expect(choices[rows.actions[i]].name).toBe(action);
    expect(choices[rows.baselines[i]].name).toBe(baseline);
    expect([...rows.masks.subarray(i * width, (i + 1) * width)]).toEqual(mask);
    expect(rows.chances[i * width + rows.actions[i]]).toBeCloseTo(propensity, 6);
    expect(rows.rewards[i]).toBeCloseTo(totalReward(reward), 6);
    expect(rows.terminated[i]).toBe(terminal ? 1 : 0);
    expect(step === 0).toBe(i === 0 || rows.terminated[i - 1] === 1);
    const seen = new Float32Array(encoder.size);
    encoder.encode(record.features, record.class, record.history, seen);
    expect(rows.observations.subarray(i * encoder.size, (i + 1) * encoder.size)).toEqual(seen);
  });
});

test("records that several processes wrote in turn give the rows of each episode one after the other", () => {
  const odd = (record: DecisionRecord) => Number(record.episode.split("-")[1]) % 2;
  const turns = log.toSorted((a, b) => a.step - b.step || odd(a) - odd(b));
  const [first, second] = [logRows(definition, log), logRows(definition, turns)];
  const returns = ({ rewards, terminated }: typeof first) => {
    const sums = [0];
    rewards.forEach((reward, i) => {
      sums[sums.length - 1] += reward;
      if (terminated[i]) sums.push(0);
    });
    return sums.sort((a, b) => a - b);
  };
  expect(returns(second)).toEqual(returns(first));
});

test("episodes cut off, of another planner, of other choices, or with values that nobody declared are left out, and counted", () => {
  const long = log.filter(({ step }) => step === 1).map(({ episode }) => episode);
  const [cut, torn, foreign, unknown, another] = long;
  const damaged = log.flatMap((record): DecisionRecord[] => {
    if (record.episode === cut && record.terminal) return [];
    if (record.episode === torn && record.step === 0) return [];
    if (record.episode === foreign) return [{ ...record, choices: [...record.choices].reverse() }];
    if (record.episode === another) return [{ ...record, planner: "another" }];
    if (record.episode === unknown && record.step === 1) return [{ ...record, class: "GREMLIN" }];
    return [record];
  });
  const { episodes, size, leftOut } = logRows(definition, damaged);
  expect(episodes).toBe(200 - 5);
  expect(size + leftOut).toBe(damaged.length);
  expect(size).toBe(log.filter(({ episode }) => ![cut, torn, foreign, unknown, another].includes(episode)).length);
});
