import { expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { type Box, box, type Discrete, discrete } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { adam } from "../optimizer/adam.ts";
import { type ActionValues, createActionValues } from "../policy/action-values.ts";
import { createTransitions } from "../rollout/transitions.ts";
import type { Report } from "./algorithm.ts";
import { c51 } from "./c51.ts";
import { createDoubleDqnUpdate, doubleDqn } from "./double-dqn.ts";
import { createDqnUpdate, type DqnConfig, dqn } from "./dqn.ts";

const session = () => ({ kernel: wasmKernel({ bytes: 2 ** 23 }) });
const algorithms = { dqn, "double-dqn": doubleDqn, c51 } as const;
type Name = keyof typeof algorithms;
const names = Object.keys(algorithms) as Name[];

const quick = {
  learningRate: 5e-3,
  batchSize: 32,
  learningStarts: 100,
  trainFrequency: 1,
  targetUpdateInterval: 50,
  hidden: [16, 16],
  reportEvery: 1000,
  seed: 1,
};

async function last(reports: AsyncGenerator<Report>): Promise<Report> {
  let report: Report | null = null;
  for await (report of reports);
  return report as unknown as Report;
}

/** One observation; action 1 pays 1, action 0 nothing. The mask, where there is one, is of the next step. */
function lever({ over = {}, mask }: { over?: Partial<Record<"terminated" | "truncated", number>>; mask?: Uint8Array }) {
  return (): Env<Box, Discrete> => {
    let step = 0;
    const observation = Float32Array.of(1);
    const info = mask ? { actionMask: mask } : {};
    const ends = (every: number | undefined) => every !== undefined && step % every === 0;
    return {
      id: "Lever",
      observationSpace: box({ low: 0, high: 1, shape: [1] }),
      actionSpace: discrete(2),
      reset() {
        step = 0;
        return { observation, info };
      },
      step(action) {
        step++;
        return {
          observation,
          reward: action,
          terminated: ends(over.terminated),
          truncated: ends(over.truncated),
          info,
        };
      },
    };
  };
}

/** What `greedy` expects at the one observation there is. */
function valuesOf({ metrics }: Report): number {
  return metrics.actionValue as number;
}

const support = { atoms: 41, minValue: 0, maxValue: 20 };

test.each([
  ["truncation is bootstrapped: 1 for ever under a time limit is worth 1/(1 − γ) = 10", { truncated: 20 }, {}, 10],
  ["termination is not: 1 for a single step is worth 1", { terminated: 1 }, {}, 1],
  ["three steps ahead, 1 for ever is worth as much", { truncated: 20 }, { nSteps: 3 }, 10],
  ["three steps ahead over a termination, the rewards up to it count alone", { terminated: 1 }, { nSteps: 3 }, 1],
])("%s", async (_, over, options, worth) => {
  // Greedy throughout, so that each value is of the best action, once it is found.
  for (const name of names) {
    const task = {
      ...quick,
      discount: 0.9,
      totalSteps: 4000,
      explorationInitial: 0.5,
      explorationFinal: 0,
      ...options,
    };
    const run = algorithms[name](
      lever({ over }),
      { ...task, ...(name === "c51" && support), bufferSize: 2000 },
      session(),
    );
    const value = valuesOf(await last(run));
    expect(value, name).toBeGreaterThan(worth * 0.93);
    expect(value, name).toBeLessThan(worth * 1.05);
  }
});

test.each(names)("%s never takes a forbidden action, and never counts on one", async (name) => {
  const mask = Uint8Array.of(1, 0);
  const options = { ...quick, discount: 0.9, totalSteps: 2000, ...(name === "c51" && support) };
  const reports: Report[] = [];
  for await (const report of algorithms[name](lever({ over: { truncated: 20 }, mask }), options, session())) {
    reports.push(report);
  }
  expect(reports.flatMap(({ episodes }) => episodes.map((episode) => episode.return))).toSatisfy(
    (returns: number[]) => returns.length > 90 && returns.every((each) => each === 0),
  );
  expect(Math.abs(valuesOf(reports.at(-1)!))).toBeLessThan(4); // the action that pays 1 would make it 10
});

test("the network and its target disagree: DQN believes the target's best, Double DQN its own, judged by the target", () => {
  const temporalDifference = (createUpdate: typeof createDqnUpdate) => {
    const kernel = wasmKernel({ bytes: 2 ** 20 });
    const { observationSpace, actionSpace } = lever({})();
    const shape = { hidden: [], activation: "relu", dueling: false } as const;
    const policy = createActionValues(kernel, { observationSpace, actionSpace }, shape, 1, createRandom(0));
    // One weight and one bias an action, the observation 1: Q = (0, 1), Q̂ = (5, 2).
    policy.parameters.set([0, 0, 0, 1]);
    policy.target.parameters.set([0, 0, 5, 2]);
    const batch = createTransitions(kernel, vectorEnv(lever({}), 1), 1);
    batch.size = 1;
    for (const column of [batch.observations, batch.nextObservations, batch.rewards, batch.weights]) column[0] = 1;
    batch.discounts[0] = 0.5;
    const optimizer = adam(kernel, policy.parameters, policy.gradients);
    return createUpdate(kernel, policy, optimizer, { batchSize: 1, maxGradientNorm: 0 })(batch, 1e-3, 0).errors[0];
  };
  expect(temporalDifference(createDqnUpdate)).toBeCloseTo(1 + 0.5 * 5, 6);
  expect(temporalDifference(createDoubleDqnUpdate)).toBeCloseTo(1 + 0.5 * 2, 6);
});

/** The parameters and the target's after each report. */
async function followed(options: Partial<DqnConfig>): Promise<{ parameters: Float32Array; target: Float32Array }[]> {
  const seen: { parameters: Float32Array; target: Float32Array }[] = [];
  const cartPole = () => make("CartPole-v1");
  for await (const { policy } of dqn(cartPole, { ...quick, learningStarts: 4, batchSize: 4, ...options }, session())) {
    const { parameters, target } = policy as ActionValues;
    seen.push({ parameters: parameters.slice(), target: target.parameters.slice() });
  }
  return seen;
}

test.each([
  { trainFrequency: 5, numEnvs: 1 },
  { trainFrequency: 1, numEnvs: 5 },
])(
  "the target becomes the network every so many environment steps, before that round's gradient steps: %o",
  async (round) => {
    const seen = await followed({ totalSteps: 60, targetUpdateInterval: 20, reportEvery: 5, ...round });
    // After 5 k steps: at k = 4, 8 and 12 the target is the network that the round before left behind.
    seen.forEach(({ target }, i) => {
      const k = i + 1;
      if (k % 4 === 0) expect(target, `round ${k}`).toEqual(seen[i - 1].parameters);
      else if (i > 0) expect(target, `round ${k}`).toEqual(seen[i - 1].target);
    });
    expect(seen[10].parameters).not.toEqual(seen[10].target);
  },
);

test("with τ below 1 it goes that share of the way, as often as the interval has passed", async () => {
  const seen = await followed({ totalSteps: 40, targetUpdateInterval: 2, trainFrequency: 4, reportEvery: 4, tau: 0.1 });
  for (let i = 1; i < seen.length; i++) {
    // Two updates a round, both towards the same network: 1 − 0.9² = 0.19 of the way.
    const [{ parameters, target: before }, { target }] = [seen[i - 1], seen[i]];
    target.forEach((weight, j) => void expect(weight).toBeCloseTo(before[j] + 0.19 * (parameters[j] - before[j]), 6));
  }
});

test("a report tells of exploration, gradient steps and the step size as they stand", async () => {
  const options = {
    ...quick,
    totalSteps: 2000,
    learningStarts: 200,
    trainFrequency: 4,
    gradientSteps: 2,
    explorationFraction: 0.8,
  };
  const reports: Report[] = [];
  for await (const report of dqn(
    () => make("CartPole-v1"),
    { ...options, learningRateSchedule: "linear" },
    session(),
  )) {
    reports.push(report);
  }
  expect(reports.map(({ steps }) => steps)).toEqual([1000, 2000]);
  expect(reports[0].metrics).toMatchObject({
    exploration: expect.closeTo(1 - (0.95 * 0.5) / 0.8),
    updates: 400, // two for each of (1000 − 200) / 4 rounds
    learningRate: quick.learningRate / 2,
  });
  expect(reports[1].metrics).toMatchObject({ exploration: 0.05, updates: 900 });
});

test.each(names)("%s hands its errors back: what was drawn is drawn again in proportion to them", async (name) => {
  const options = { ...quick, totalSteps: 200, prioritized: true };
  const { snapshot } = await last(algorithms[name](() => make("CartPole-v1"), options, session()));
  expect(new Set(snapshot().arrays["replay.priorities.0"]).size).toBeGreaterThan(50);
});

test("gradientSteps 0 is as many as there were environment steps", async () => {
  const options = { ...quick, totalSteps: 1000, learningStarts: 0, trainFrequency: 5, numEnvs: 2, gradientSteps: 0 };
  const { metrics } = await last(dqn(() => make("CartPole-v1"), options, session()));
  expect(metrics.updates).toBe(1000);
});

test("a task of other actions is refused in one line", async () => {
  for (const name of names) {
    const start = (algorithms[name] as typeof dqn)(() => make("Pendulum-v1") as never).next();
    await expect(start).rejects.toThrow(`${name}: actions must be discrete, got box.`);
  }
});

test("C51 refuses a support that is none", async () => {
  const start = (options: object) => c51(() => make("CartPole-v1"), options).next();
  await expect(start({ minValue: 3, maxValue: 3 })).rejects.toThrow(
    "c51: minValue must be below maxValue, got 3 and 3.",
  );
  await expect(start({ atoms: 1 })).rejects.toThrow("c51: atoms must be an integer of at least 2, got 1.");
});
