import { describe, expect, test } from "vitest";
import { parametersHash } from "../deploy/policy-file.ts";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { type Box, box, type Discrete, dict, discrete } from "../env/space.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import type { Snapshot } from "../math/snapshot.ts";
import type { ActorCritic } from "../policy/actor-critic.ts";
import { a2c } from "./a2c.ts";
import { a3c } from "./a3c.ts";
import { actorCritic } from "./actor-critic.ts";
import type { Report, Session } from "./algorithm.ts";
import { NonFiniteError } from "./non-finite-error.ts";
import { ppo } from "./ppo.ts";
import { type AlgorithmName, algorithms } from "./registry.ts";
import { reinforce } from "./reinforce.ts";
import { trpo } from "./trpo.ts";

const replayed = {
  totalSteps: 240,
  numEnvs: 2,
  bufferSize: 200,
  batchSize: 16,
  learningStarts: 40,
  nSteps: 2,
  hidden: [12, 12],
  reportEvery: 40,
  learningRateSchedule: "linear",
};

/** A replay that overflows, and a target network that is moved many times. */
const valued = {
  totalSteps: 1200,
  bufferSize: 500,
  batchSize: 16,
  learningStarts: 100,
  targetUpdateInterval: 50,
  hidden: [12, 10],
  reportEvery: 100,
};

/** Small, and with every part that has a state: normalisers, traces, moments, schedules. */
const small: Partial<Record<AlgorithmName, Record<string, unknown>>> = {
  reinforce: { totalSteps: 1200, minSteps: 100, learningRateSchedule: "linear", normalizeObservations: true },
  "actor-critic": { totalSteps: 1200, numEnvs: 3, horizon: 40, lambda: 0.8, entropyCoefficient: 0.01 },
  a2c: { totalSteps: 1200, numEnvs: 4, normalizeObservations: true, normalizeRewards: true },
  a3c: { totalSteps: 1200, workers: 1, numEnvs: 2, reportSteps: 100 },
  ppo: {
    totalSteps: 1200,
    numEnvs: 2,
    horizon: 64,
    batchSize: 30,
    epochs: 2,
    normalizeRewards: true,
    sharedTrunk: true,
  },
  trpo: {
    totalSteps: 1200,
    numEnvs: 2,
    horizon: 64,
    batchSize: 50,
    criticEpochs: 2,
    fisherFraction: 0.4,
    normalizeObservations: true,
  },
  ddpg: replayed,
  td3: { ...replayed, policyDelay: 3 },
  sac: { ...replayed, noiseCorrelation: 0.9 },
  "discrete-sac": replayed,
  dqn: { ...valued, dueling: true, nSteps: 3, prioritized: true },
  "double-dqn": { ...valued, numEnvs: 3, tau: 0.1, targetUpdateInterval: 7, learningRateSchedule: "linear" },
  c51: { ...valued, dueling: true, nSteps: 2, prioritized: true, atoms: 11 },
};
const names = Object.keys(small) as AlgorithmName[];

/** Those of these environments whose actions it can take. */
function taken(name: AlgorithmName, ...environments: string[]): string[] {
  return environments.filter((id) => algorithms[name].actionSpaces.includes(make(id).actionSpace.kind));
}

async function reports(name: AlgorithmName, env: string, options: object, resume?: Snapshot): Promise<Report[]> {
  const all: Report[] = [];
  const session = { kernel: wasmKernel({ bytes: 2 ** 23 }), ...(resume && { resume }) };
  for await (const report of algorithms[name].run(() => make(env), { ...small[name], ...options }, session)) {
    all.push(report);
  }
  return all;
}

/** As a checkpoint file would: only what JSON and copies keep. */
function stored(snapshot: Snapshot): Snapshot {
  return { json: JSON.parse(JSON.stringify(snapshot.json)), arrays: snapshot.arrays };
}

describe.each(names)("%s", (name) => {
  test.each(taken(name, "CartPole-v1", "Pendulum-v1"))(
    "the same seed gives the same parameters on %s, another seed others",
    async (env) => {
      const hash = async (seed: number) =>
        parametersHash((await reports(name, env, { seed })).at(-1)!.policy.parameters);
      expect(await hash(1)).toBe(await hash(1));
      expect(await hash(1)).not.toBe(await hash(2));
    },
  );

  const [task] = taken(name, "CartPole-v1", "Pendulum-v1");

  test.each(taken(name, "CartPole-v1", "MountainCarContinuous-v0"))(
    "resumed from any report on %s, it ends with the same bytes",
    async (env) => {
      const snapshots: Snapshot[] = [];
      let end = "";
      const session = { kernel: wasmKernel({ bytes: 2 ** 23 }) };
      for await (const report of algorithms[name].run(() => make(env), small[name], session)) {
        snapshots.push(stored(report.snapshot()));
        end = parametersHash(report.policy.parameters);
      }
      for (const at of [0, Math.floor(snapshots.length / 2)]) {
        const resumed = await reports(name, env, {}, snapshots[at]);
        if (at < snapshots.length - 1)
          expect(parametersHash(resumed.at(-1)!.policy.parameters), `from report ${at}`).toBe(end);
      }
    },
  );

  test("its steps grow to the total that it announces", async () => {
    const all = await reports(name, task, {});
    expect(all.map(({ steps }) => steps)).toEqual([...all.map(({ steps }) => steps)].sort((a, b) => a - b));
    if (name !== "reinforce") expect(all.at(-1)!.steps).toBe(all[0].totalSteps);
    else expect(all.at(-1)!.steps).toBeGreaterThanOrEqual(1200);
  });

  test("every metric is a finite number, but an explained variance of nothing", async () => {
    for (const { metrics } of await reports(name, taken(name, "Pendulum-v1", "CartPole-v1")[0], {})) {
      for (const [metric, value] of Object.entries(metrics)) {
        if (metric !== "explainedVariance") expect(value, metric).toSatisfy(Number.isFinite);
      }
    }
  });

  test("an unknown option, a wrong type and a value out of range are refused by name", async () => {
    const start = (options: object) => algorithms[name].run(() => make(task), options).next();
    await expect(start({ clipRnge: 1 })).rejects.toThrow(`${name}: unknown option "clipRnge". Options are: `);
    await expect(start({ discount: 1.5 })).rejects.toThrow(`${name}: discount must lie in [0, 1], got 1.5.`);
    await expect(start({ hidden: 64 })).rejects.toThrow(`${name}: hidden must be a list of positive integers, got 64.`);
    await expect(start({ learningRate: "fast" })).rejects.toThrow(
      `${name}: learningRate must be a positive number, got "fast".`,
    );
  });

  test("a learning rate that blows up is stopped with the stage and the step named", async () => {
    const plain = "optimizer" in algorithms[name].defaults && { optimizer: "sgd" };
    const [harsh] = taken(name, "Pendulum-v1", "CartPole-v1");
    const run = reports(name, harsh, { learningRate: 1e38, maxGradientNorm: 0, ...plain });
    await expect(run).rejects.toThrow(/at step \d+|step \d+/);
  });
});

test("PPO's penalty adapts until KL is within its target's band, and refuses to run without a target", async () => {
  const options = {
    objective: "penalty",
    targetKl: 0.01,
    totalSteps: 20_480,
    numEnvs: 4,
    horizon: 128,
    batchSize: 64,
    epochs: 4,
  };
  const all = await reports("ppo", "CartPole-v1", { ...options, learningRate: 1e-3 });
  const late = all.slice(-20).map(({ metrics }) => metrics.kl!);
  const median = late.sort((a, b) => a - b)[10];
  expect(median).toBeGreaterThan(0.01 / 4);
  expect(median).toBeLessThan(0.01 * 2);
  expect(new Set(all.map(({ metrics }) => metrics.klCoefficient)).size).toBeGreaterThan(2);
  await expect(reports("ppo", "CartPole-v1", { objective: "penalty", targetKl: 0 })).rejects.toThrow(
    "needs a targetKl above 0",
  );
});

test("a rollout larger than the kernel's usual reservation is given the room that it needs", async () => {
  const wide = (): Env<Box, Discrete> => {
    const observation = new Float32Array(2000);
    return {
      ...endless(),
      observationSpace: box({ low: -1, high: 1, shape: [2000] }),
      reset: () => ({ observation, info: {} }),
      step: () => ({ observation, reward: 1, terminated: false, truncated: false, info: {} }),
    };
  };
  // 10,240 observations of 2,000 numbers are 82 MB, and a minibatch of all of them as much again.
  const options = { totalSteps: 10_240, horizon: 10_240, batchSize: 10_240, epochs: 1, hidden: [4] };
  const { value } = await ppo(wide, options).next();
  expect(value!.steps).toBe(10_240);
});

test.each(names.filter((name) => "initialLogStd" in algorithms[name].defaults))(
  "%s tells of a Gaussian's spread and of actions at their bounds",
  async (name) => {
    const [{ metrics }] = await reports(name, "Pendulum-v1", { initialLogStd: 5 });
    // e⁵ = 148 against bounds of ±2: all but a hundredth are beyond them.
    expect(metrics.standardDeviation).toBeGreaterThan(140);
    expect(metrics.saturatedFraction).toBeGreaterThan(0.95);
    expect(metrics.advantageDeviation).toBeGreaterThan(0);
  },
);

test("a snapshot of other options is refused with what does not fit", async () => {
  const [first] = await reports("ppo", "CartPole-v1", {});
  await expect(reports("ppo", "CartPole-v1", { hidden: [32] }, stored(first.snapshot()))).rejects.toThrow(
    /ppo: cannot resume: the snapshot has \d+ numbers of parameters, these options need \d+\./,
  );
});

test("a gradient that is not finite is a NonFiniteError", async () => {
  const explode: Partial<Record<string, unknown>> = { learningRate: 1e38, optimizer: "sgd", maxGradientNorm: 0 };
  await expect(reports("a2c", "CartPole-v1", { ...explode, normalizeObservations: false })).rejects.toBeInstanceOf(
    NonFiniteError,
  );
});

/** Pays 1 for ever; only a time limit ends an episode. */
function endless(): Env<Box, Discrete> {
  let step = 0;
  const observation = Float32Array.of(0);
  return {
    id: "Endless",
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(2),
    reset() {
      step = 0;
      return { observation, info: {} };
    },
    step: () => ({ observation, reward: 1, terminated: false, truncated: ++step % 20 === 0, info: {} }),
  };
}

const endlessOptions = { discount: 0.9, learningRate: 1e-2, seed: 1 };

test.each<[AlgorithmName, (session: Session) => AsyncGenerator<Report>]>([
  [
    "a2c",
    (session) =>
      a2c(endless, { ...endlessOptions, totalSteps: 12_000, learningRate: 3e-3, optimizer: "adam" }, session),
  ],
  [
    "a3c",
    (session) => a3c(endless, { ...endlessOptions, totalSteps: 20_000, workers: 1, learningRate: 3e-3 }, session),
  ],
  [
    "ppo",
    (session) =>
      ppo(endless, { ...endlessOptions, totalSteps: 30_000, numEnvs: 4, horizon: 64, learningRate: 3e-3 }, session),
  ],
  [
    "trpo",
    (session) =>
      trpo(endless, { ...endlessOptions, totalSteps: 15_000, numEnvs: 4, horizon: 64, learningRate: 3e-3 }, session),
  ],
  ["actor-critic", (session) => actorCritic(endless, { ...endlessOptions, totalSteps: 30_000 }, session)],
  ["reinforce", (session) => reinforce(endless, { ...endlessOptions, totalSteps: 100_000, minSteps: 100 }, session)],
])(
  "%s: reward 1 for ever, under a time limit, is worth 1/(1 − γ) = 10, because truncation is bootstrapped",
  async (_, start) => {
    const kernel = wasmKernel({ bytes: 2 ** 23 });
    let value = 0;
    for await (const { policy } of start({ kernel })) value = criticValue(policy as ActorCritic, kernel);
    expect(value).toBeGreaterThan(9.5);
    expect(value).toBeLessThan(10.5);
  },
);

function criticValue(policy: ActorCritic, kernel: Kernel): number {
  const out = new Float32Array(1);
  policy.values(kernel.float32(1), 1, out);
  return out[0];
}

test("an algorithm that cannot handle a space does not compile, nor run", async () => {
  const env = () => ({ ...endless(), actionSpace: dict({ a: discrete(2) }) });
  // @ts-expect-error Dict actions have no distribution.
  await expect(ppo(env).next()).rejects.toThrow("no distribution over dict actions");
});
