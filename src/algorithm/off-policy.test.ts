import { expect, test } from "vitest";
import { bitFlip } from "../env/goal/bit-flip.ts";
import { make } from "../env/registry.ts";
import { prepareOffPolicy } from "./off-policy.ts";
import { offPolicyDefaults, priorityDefaults } from "./off-policy-options.ts";
import { td3 } from "./td3.ts";

const options = { ...offPolicyDefaults, totalSteps: 200, learningStarts: 0, batchSize: 8, hidden: [4] };
const shape = { kind: "discrete", networks: 1, outputs: 2 } as const;

function prepared(prioritized: boolean) {
  const config = { ...options, ...priorityDefaults, prioritized, priorityExponent: 1 };
  const learner = prepareOffPolicy("test", () => make("CartPole-v1"), config, shape, {});
  learner.begin(false);
  return learner;
}

test("where draws go by priority, errors handed back decide them, and weights make up for more and more of it", () => {
  const learner = prepared(true);
  const random = (_: Float32Array, __: Uint8Array | null, actions: Float32Array) => void actions.fill(0);
  for (let t = 0; t < 4; t++) learner.interact(random);
  const weightOfLikely = () => {
    const batch = learner.sample();
    const likely = batch.rows.indexOf(0);
    return likely < 0 || batch.weights.every((weight) => weight === 1) ? null : batch.weights[likely];
  };
  // Of four transitions, one of 8 times the error: it fills most of the batch, until its weight is (1/8)^β.
  for (let round = 0; round < 20; round++) {
    const { rows } = learner.sample();
    learner.prioritize(Float32Array.from(rows, (row) => (row === 0 ? 8 : 1)));
  }
  expect(learner.sample().rows.filter((row) => row === 0).length).toBeGreaterThan(4);
  expect(learner.progress.steps).toBe(4);
  const beta = 0.4 + 0.6 * (4 / 200);
  expect(weightOfLikely()).toBeCloseTo((1 / 8) ** beta, 4);
  learner.progress.steps = 200;
  expect(weightOfLikely()).toBeCloseTo(1 / 8, 4);
});

test("where draws are even, errors change nothing and every weight is 1", () => {
  const learner = prepared(false);
  learner.interact((_, __, actions) => void actions.fill(1));
  const { weights } = learner.sample();
  learner.prioritize(new Float32Array(8).fill(Number.NaN));
  expect([...weights]).toEqual(Array(8).fill(1));
  expect(Object.keys(offPolicyDefaults)).not.toContain("prioritized");
});

test("chance alone acts for learningStarts steps of all environments, and learning begins behind them", () => {
  for (const [numEnvs, learningStarts] of [
    [1, 4],
    [3, 6],
    [3, 7],
  ]) {
    const config = { ...options, numEnvs, learningStarts };
    const learner = prepareOffPolicy("test", () => make("CartPole-v1"), config, shape, {});
    learner.begin(false);
    for (let steps = 0; steps < 12; steps += numEnvs) {
      let isAsked = false;
      learner.interact(() => {
        isAsked = true;
      });
      expect(isAsked, `the action after ${steps} steps`).toBe(steps >= learningStarts);
      expect(learner.gradientSteps(), `after ${learner.progress.steps}`).toBe(
        Number(learner.progress.steps > learningStarts),
      );
    }
  }
});

test("a buffer too small for a transition in each environment is refused by its option's name", () => {
  const config = { ...options, numEnvs: 4, bufferSize: 11 };
  expect(() => prepareOffPolicy("test", () => make("CartPole-v1"), config, shape, {})).toThrow(
    "test: bufferSize must be at least 3 rows for each of 4 environments, got 11.",
  );
});

test("a replay takes no more rows than the run can fill, in whole rounds of all environments", () => {
  const rowsOf = (config: object) => {
    const all = { ...options, ...config };
    return prepareOffPolicy("test", () => make("CartPole-v1"), all, shape, {}).replay.capacity;
  };
  // Two a step, and two for where each environment stands.
  expect(rowsOf({ totalSteps: 207, trainFrequency: 10 })).toBe(2 * 200 + 2);
  expect(rowsOf({ totalSteps: 7, numEnvs: 5, trainFrequency: 100 })).toBe(2 * 500 + 2 * 5);
  expect(rowsOf({ bufferSize: 99, numEnvs: 2 })).toBe(98);
});

test("a replay larger than memory is refused with what it would take", () => {
  const config = { ...options, totalSteps: 1e9, bufferSize: 1e9 };
  // 4 numbers of observation, an action, a reward and a kind: 25 bytes a row.
  expect(() => prepareOffPolicy("test", () => make("CartPole-v1"), config, shape, {})).toThrow(
    "experience and networks need 25.0 GB of memory, more than there is: wasmKernel: bytes must lie between 1 and 4 GiB, got 25000",
  );
});

test("hindsight puts goals that were reached into what is drawn, and refuses what it cannot judge", () => {
  const config = { ...options, hindsight: "future" } as const;
  const task = { kind: "discrete", networks: 1, outputs: 8 } as const;
  const learner = prepareOffPolicy("test", () => bitFlip(), config, task, {});
  learner.begin(false);
  for (let t = 0; t < 7; t++) learner.interact((_, __, actions) => void actions.fill(t));
  const rewards = Array.from({ length: 20 }, () => [...learner.sample().rewards]).flat();
  // Seven of seven different bits: only a goal of hindsight is reached by chance.
  expect(rewards.filter((reward) => reward === 0).length).toBeGreaterThan(10);
  expect(new Set(rewards)).toEqual(new Set([0, -1]));

  expect(() => prepareOffPolicy("test", () => make("CartPole-v1"), config, shape, {})).toThrow(
    'test: hindsight "future" needs a goal environment; CartPole-v1 shows a box, not a Dict with the parts',
  );
  expect(() => prepareOffPolicy("test", () => bitFlip(), { ...config, nSteps: 3 }, task, {})).toThrow(
    'test: hindsight "future" needs nSteps 1, got 3.',
  );
});

test("a report tells the means of what gradient steps said since the last one, and nothing of what they did not say", async () => {
  const seen: Record<string, number>[] = [];
  const options = {
    totalSteps: 60,
    learningStarts: 10,
    reportEvery: 20,
    policyDelay: 25,
    batchSize: 4,
    hidden: [4],
    seed: 2,
  };
  for await (const { metrics } of td3(() => make("Pendulum-v1"), options)) seen.push({ ...metrics });
  expect(seen.map(({ updates }) => updates)).toEqual([10, 30, 50]);
  // The policy moves at the 25th and the 50th gradient step: nothing is said of it before.
  expect(seen.map((metrics) => "policyLoss" in metrics)).toEqual([false, true, true]);
  expect(seen.every((metrics) => metrics["valueLoss"] > 0)).toBe(true);
});
