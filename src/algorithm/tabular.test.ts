import { describe, expect, test } from "vitest";
import { walk } from "../../test/environment/walk.ts";
import { createActor } from "../deploy/act.ts";
import { decodePolicy, encodePolicy, parametersHash } from "../deploy/policy-file.ts";
import type { Countable } from "../env/countable.ts";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { box, type Discrete, discrete, tuple } from "../env/space.ts";
import { createRandom } from "../math/random.ts";
import type { Snapshot } from "../math/snapshot.ts";
import type { Algorithm, Report, Session } from "./algorithm.ts";
import { doubleQLearning } from "./double-q-learning.ts";
import { expectedSarsa } from "./expected-sarsa.ts";
import { NonFiniteError } from "./non-finite-error.ts";
import { qLearning } from "./q-learning.ts";
import { sarsa } from "./sarsa.ts";
import type { TabularConfig } from "./tabular-options.ts";

type Learner = Algorithm<TabularConfig, Discrete, Countable>;

const learners: readonly [string, Learner][] = [
  ["q-learning", qLearning],
  ["sarsa", sarsa],
  ["expected-sarsa", expectedSarsa],
  ["double-q-learning", doubleQLearning],
];

/**
 * Three states in a row: 0 pays 1 and leads to 1, which pays 3 and leads to 2, whatever the action. There it ends, or is cut.
 * Only action 0 is allowed in state 0; in state 1, action 1 is forbidden if `hidden`.
 */
function row({ cut = false, hidden = false } = {}): Env<Discrete, Discrete> {
  let state = 0;
  const info = () => ({ actionMask: Uint8Array.of(1, state === 0 || (state === 1 && hidden) ? 0 : 1) });
  return {
    id: "Row-v0",
    observationSpace: discrete(3),
    actionSpace: discrete(2),
    reset() {
      state = 0;
      return { observation: state, info: info() };
    },
    step(action) {
      if (info().actionMask[action] === 0) throw new Error(`action ${action} is forbidden in state ${state}`);
      state += 1;
      const over = state === 2;
      return {
        observation: state,
        reward: over ? 3 : 1,
        terminated: over && !cut,
        truncated: over && cut,
        info: info(),
      };
    },
    snapshot: () => state,
    restore(saved) {
      state = saved as number;
    },
  };
}

const half = { learningRate: 0.5, discount: 0.9, explorationInitial: 0, explorationFinal: 0, reportEvery: 1 };

async function reportsOf(reports: AsyncIterable<Report>): Promise<Report[]> {
  const all: Report[] = [];
  for await (const report of reports) all.push(report);
  return all;
}

/** What the tables hold a step after `steps` steps, if they held `values` before: [table, state, action]. */
async function stepFrom(
  learner: Learner,
  env: () => Env<Discrete, Discrete>,
  steps: number,
  values: readonly number[],
  options: Partial<TabularConfig> = {},
): Promise<number[]> {
  let resume: Snapshot | undefined;
  const all = { ...half, ...options, totalSteps: steps + 1 };
  for await (const report of learner(env, all)) if (report.steps === steps) resume = report.snapshot();
  resume!.arrays["parameters"].set(values);
  const [{ policy }] = await reportsOf(learner(env, all, { resume: resume! }));
  return [...policy.parameters];
}

const close = (numbers: readonly number[], wanted: readonly number[]) =>
  numbers.forEach((number, i) => void expect(number, `value ${i}`).toBeCloseTo(wanted[i], 5));

describe("one step from state 0 to state 1, with α = ½ and γ = 0.9", () => {
  test("Q-learning takes the best that can follow", async () => {
    // 10 + ½ (1 + 0.9 · max(2, 4) − 10) = 7.3
    close(await stepFrom(qLearning, () => row(), 2, [10, 0, 2, 4, 0, 0]), [7.3, 0, 2, 4, 0, 0]);
  });

  test("and only of what is allowed", async () => {
    // 10 + ½ (1 + 0.9 · 2 − 10) = 6.4
    close(await stepFrom(qLearning, () => row({ hidden: true }), 2, [10, 0, 2, 400, 0, 0]), [6.4, 0, 2, 400, 0, 0]);
  });

  test("expected SARSA takes the mean by π", async () => {
    // ε = ½: ½ · 4 + ½ · (2 + 4) / 2 = 3.5, and 10 + ½ (1 + 0.9 · 3.5 − 10) = 7.075
    const exploring = { explorationInitial: 0.5, explorationFinal: 0.5 };
    close(await stepFrom(expectedSarsa, () => row(), 2, [10, 0, 2, 4, 0, 0], exploring), [7.075, 0, 2, 4, 0, 0]);
  });

  test("SARSA takes the action that comes next, whichever that is, and then comes that one", async () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 12; seed++) {
      const options = { ...half, explorationInitial: 1, explorationFinal: 1, totalSteps: 4, seed };
      let resume: Snapshot | undefined;
      for await (const report of sarsa(() => row(), options)) if (report.steps === 2) resume = report.snapshot();
      resume!.arrays["parameters"].set([10, 0, 2, 4, 0, 0]);
      const resumed = sarsa(() => row(), options, { resume: resume! });
      const first = [...(await resumed.next()).value!.policy.parameters];
      const second = [...(await resumed.next()).value!.policy.parameters];
      // Of A′ = 0: 10 + ½ (1 + 0.9 · 2 − 10) = 6.4, then 2 + ½ (3 − 2) = 2.5. Of A′ = 1: 7.3, then 4 + ½ (3 − 4) = 3.5.
      const next = first[0] < 7 ? 0 : 1;
      close(first, [next === 0 ? 6.4 : 7.3, 0, 2, 4, 0, 0]);
      close(second.slice(2, 4), next === 0 ? [2.5, 4] : [2, 3.5]);
      seen.add(next);
    }
    expect(seen.size).toBe(2);
  });

  test("double Q-learning asks one table for the action, the other for its value, and acts on their mean", async () => {
    const seen = new Set<number>();
    const [Q1, Q2] = [
      [10, 0, 2, 4, 0, 0],
      [10, 0, 5, 1, 0, 0],
    ];
    for (let seed = 0; seed < 12; seed++) {
      const before = [10, 0, 3.5, 2.5, 0, 0, ...Q1, ...Q2];
      const after = await stepFrom(doubleQLearning, () => row(), 2, before, { seed });
      // Q₁ says 1, Q₂ says that it is worth 1: 10 + ½ (1 + 0.9 · 1 − 10) = 5.95; or Q₂ says 0, of which Q₁ says 2: 6.4.
      const isFirst = after[12] === 10;
      const wanted = isFirst ? [7.975, 5.95, 10] : [8.2, 10, 6.4];
      close([after[0], after[6], after[12]], wanted);
      seen.add(wanted[0]);
    }
    expect(seen.size).toBe(2);
  });
});

describe.each(learners)("%s", (name, learner) => {
  const values = [0, 0, 4, 4, 100, 100];
  const all = name === "double-q-learning" ? [...values, ...values, ...values] : values;
  /** The value of state 1 that changed, in the table that did. */
  const changed = (after: readonly number[]) =>
    Math.max(...after.slice(name === "double-q-learning" ? 6 : 0).filter((value, i) => value !== values[i % 6]));

  test("what follows a termination is worth nothing", async () => {
    // 4 + ½ (3 − 4) = 3.5
    expect(changed(await stepFrom(learner, () => row(), 1, all))).toBeCloseTo(3.5, 5);
  });

  test("what follows a truncation keeps its worth", async () => {
    // 4 + ½ (3 + 0.9 · 100 − 4) = 48.5
    expect(changed(await stepFrom(learner, () => row({ cut: true }), 1, all))).toBeCloseTo(48.5, 5);
  });

  const busy: Partial<TabularConfig> = {
    ...{ totalSteps: 600, numEnvs: 3, reportEvery: 100, learningRate: 1, learningRateExponent: 0.6 },
    ...{ exploration: "boltzmann", explorationInitial: 2, explorationFinal: 0.5, explorationFraction: 0.5 },
  };
  const hashes = (reports: readonly Report[]) => reports.map(({ policy }) => parametersHash(policy.parameters.slice()));
  const run = (options: Partial<TabularConfig>, session: Session = {}) =>
    reportsOf(learner(walk, { ...busy, ...options }, session));

  test("the same seed gives the same parameters, another seed others", async () => {
    const [first, again, other] = [await run({ seed: 1 }), await run({ seed: 1 }), await run({ seed: 2 })];
    expect(hashes(first)).toEqual(hashes(again));
    expect(hashes(first).at(-1)).not.toBe(hashes(other).at(-1));
    expect(first.map(({ steps }) => steps)).toEqual([102, 201, 300, 402, 501, 600]);
  });

  test("resumed from any report, it ends with the same bytes", async () => {
    const snapshots: Snapshot[] = [];
    let end = "";
    for await (const report of learner(walk, busy)) {
      const { json, arrays } = report.snapshot();
      snapshots.push({ json: JSON.parse(JSON.stringify(json)), arrays });
      end = parametersHash(report.policy.parameters);
    }
    for (const resume of snapshots.slice(0, -1)) expect(hashes(await run({}, { resume })).at(-1)).toBe(end);
  });

  test("a walk whose end pays is learned, and the policy's file acts alike", async () => {
    const { policy } = (await run({ totalSteps: 6000 })).at(-1)!;
    const training = { algorithm: name, environment: "Walk-v0", seed: 0, steps: 6000, options: {}, version: "0" };
    const bytes = encodePolicy(policy, { ...training, parametersHash: parametersHash(policy.parameters) });
    for (const actor of [createActor(policy), createActor(decodePolicy(bytes))]) {
      const observations = [0, 1, 2, 3].flatMap((position) => [0, 1].map((lamp) => [position, lamp]));
      // The lamp says which action leads on: 1 where it is on.
      expect(observations.map((observation) => actor.act(observation))).toEqual(observations.map(([, lamp]) => lamp));
    }
  });

  test("Box observations, Box actions and tables without measure are refused", async () => {
    const start = (env: () => Env, options: object = {}) => learner(env as never, options).next();
    await expect(start(() => make("CartPole-v1"))).rejects.toThrow(
      `${name}: observations must be discrete, multi-discrete or a tuple of discretes, got box.`,
    );
    const torque = box({ low: -1, high: 1, shape: [1] });
    await expect(start(() => ({ ...row(), observationSpace: tuple([discrete(2), torque]) }) as never)).rejects.toThrow(
      `${name}: observations must be discrete, multi-discrete or a tuple of discretes, got a tuple with other parts.`,
    );
    await expect(start(() => ({ ...row(), actionSpace: torque }) as never)).rejects.toThrow(
      `${name}: actions must be discrete, got box.`,
    );
    const cubes = tuple([discrete(1000), discrete(1000), discrete(1000)]);
    await expect(start(() => ({ ...walk(), observationSpace: cubes }) as never)).rejects.toThrow(
      "of 1000000000 states by 2 actions.",
    );
  });

  test("options out of range are refused by name", async () => {
    const start = (options: object) => learner(walk, options).next();
    await expect(start({ epsilon: 0.1 })).rejects.toThrow(`${name}: unknown option "epsilon". Options are: `);
    await expect(start({ explorationInitial: 2 })).rejects.toThrow(
      `${name}: with exploration "epsilon-greedy", explorationInitial must lie in [0, 1], got 2.`,
    );
    await expect(start({ exploration: "boltzmann", explorationFinal: 0 })).rejects.toThrow(
      `${name}: with exploration "boltzmann", explorationFinal must be above 0, got 0.`,
    );
  });

  test("values that grow without end stop the run with their name", async () => {
    const exploding = run({ learningRate: 1e20, learningRateExponent: 0 });
    await expect(exploding).rejects.toBeInstanceOf(NonFiniteError);
    await expect(run({ learningRate: 1e20, learningRateExponent: 0 })).rejects.toThrow(
      /^[\w-]+: \w+ became -?(NaN|Infinity) by step \d+\. A learningRate of at most 1/,
    );
  });
});

test("with α = 1 and ω = 1 a value is the mean of all that followed", async () => {
  const random = createRandom(3);
  const lottery = (): Env<Discrete, Discrete> => ({
    ...{ id: "Lottery-v0", observationSpace: discrete(1), actionSpace: discrete(1) },
    reset: () => ({ observation: 0, info: {} }),
    step: () => ({ observation: 0, reward: random.integer(10), terminated: true, truncated: false, info: {} }),
  });
  const options = { totalSteps: 200, reportEvery: 200, learningRate: 1, learningRateExponent: 1 };
  const [{ policy, episodes }] = await reportsOf(qLearning(lottery, options));
  const mean = episodes.reduce((sum, episode) => sum + episode.return, 0) / 200;
  expect(policy.parameters[0]).toBeCloseTo(mean, 4);
});

test("ε goes along a line and stays at its end", async () => {
  const options = { totalSteps: 1000, reportEvery: 250, explorationFinal: 0.2, explorationFraction: 0.5 };
  const reports = await reportsOf(qLearning(walk, options));
  // From 1 to 0.2 over 500 steps: 0.6 half way.
  close(
    reports.map(({ metrics }) => metrics.exploration!),
    [0.6, 0.2, 0.2, 0.2],
  );
});

/**
 * Sutton & Barto 2018, example 6.7. In state 0, action 0 ends it and action 1 leads to state 1, both for nothing.
 * There each of ten actions ends it, for a reward of mean −0.1 and deviation 1.
 */
function maximizationBias(): Env<Discrete, Discrete> {
  let random = createRandom(0);
  let state = 0;
  const info = () => ({
    actionMask: Uint8Array.from({ length: 10 }, (_, action) => Number(state === 1 || action < 2)),
  });
  return {
    id: "MaximizationBias-v0",
    observationSpace: discrete(3),
    actionSpace: discrete(10),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      state = 0;
      return { observation: state, info: info() };
    },
    step(action) {
      const reward = state === 1 ? random.normal() - 0.1 : 0;
      state = state === 0 && action === 1 ? 1 : 2;
      return { observation: state, reward, terminated: state === 2, truncated: false, info: info() };
    },
  };
}

test("Q-learning believes in luck: early on it goes left far more often than double Q-learning does", async () => {
  /** Share of the first 100 episodes that went left, over 60 seeds; only those take two steps. */
  async function left(learner: Learner): Promise<number> {
    let [count, all] = [0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const options = {
        totalSteps: 200,
        reportEvery: 200,
        discount: 1,
        explorationInitial: 0.1,
        explorationFinal: 0.1,
      };
      const [{ episodes }] = await reportsOf(learner(maximizationBias, { ...options, seed: 1000 * seed }));
      for (const { length } of episodes.slice(0, 100)) {
        count += length === 2 ? 1 : 0;
        all += 1;
      }
    }
    return count / all;
  }
  // As in the book's figure 6.5; ε alone would be 5 %.
  expect(await left(qLearning)).toBeGreaterThan(0.5);
  expect(await left(doubleQLearning)).toBeLessThan(0.35);
});
