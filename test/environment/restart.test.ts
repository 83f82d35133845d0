import { expect, test } from "vitest";
import { type AlgorithmName, algorithms } from "../../src/algorithm/registry.ts";
import type { Env } from "../../src/env/env.ts";
import { make } from "../../src/env/registry.ts";
import type { Box, Discrete } from "../../src/env/space.ts";
import { vectorEnv } from "../../src/env/vector-env.ts";
import { normalizeVector } from "../../src/env/wrapper/normalize-vector.ts";
import { referenceKernel } from "../../src/kernel/reference.ts";
import { corridor } from "./corridor.ts";

/** A corridor that cannot tell its state. `seeds` collects what its resets are given. */
function forgetful(seeds: (number | undefined)[] = []): Env<Box, Discrete> {
  const { snapshot: _snapshot, restore: _restore, ...env } = corridor({ masked: true, wind: 0.1 });
  return {
    ...env,
    reset(options) {
      seeds.push(options?.seed);
      return env.reset(options);
    },
  };
}

const right = Float32Array.of(1, 1);
const stored = (snapshot: unknown) => JSON.parse(JSON.stringify(snapshot));

function shown(envs: ReturnType<typeof vectorEnv>) {
  const { observations, finalObservations, rewards, terminated, truncated, actionMasks } = envs;
  return [observations, finalObservations, rewards, terminated, truncated, actionMasks ?? []].map((part) => [...part]);
}

test("an environment that cannot tell its state is cut where it is, and begins new episodes from seeds of its own", () => {
  const seeds: (number | undefined)[] = [];
  const envs = vectorEnv(() => forgetful(seeds), 2);
  envs.reset(5);
  for (let t = 0; t < 7; t++) envs.step(right);
  const last = [...envs.observations];
  const saved = stored(envs.snapshot());
  expect(saved).toMatchObject({ envs: null, seed: 5, steps: 7 });

  seeds.length = 0;
  envs.restore(saved);
  expect(seeds).toEqual([5 + 7 * 2, 5 + 7 * 2 + 1]);
  expect([...envs.truncated, ...envs.terminated, ...envs.rewards]).toEqual([1, 1, 0, 0, 0, 0]);
  expect([...envs.finalObservations]).toEqual(last);
  expect([0, 1]).toContain(envs.observations[0]);
  expect([envs.actionMasks![0], envs.actionMasks![1]]).toEqual([envs.observations[0] > 0 ? 1 : 0, 1]);
});

test("the same snapshot gives the same new episodes, and finished ones are kept", () => {
  const envs = vectorEnv(() => forgetful(), 2);
  envs.reset(5);
  for (let t = 0; t < 7; t++) envs.step(right);
  const saved = stored(envs.snapshot());
  const finished = envs.drainEpisodes();
  expect(finished.length).toBeGreaterThan(1);
  const future = (another: typeof envs) => {
    another.restore(saved);
    return Array.from({ length: 20 }, () => {
      another.step(right);
      return shown(another);
    });
  };
  expect(future(vectorEnv(() => forgetful(), 2))).toEqual(future(envs));
  const episodes = envs.drainEpisodes();
  expect(episodes.slice(0, finished.length)).toEqual(finished);
  // The first new episode counts from the restart: at most 1 + 2 + 3 + 4, in at most 4 steps.
  expect(episodes[finished.length].return).toBeLessThanOrEqual(10);
  expect(episodes[finished.length].length).toBeLessThanOrEqual(4);
});

test("normalised, the moments are kept and the discounted returns begin anew", () => {
  const options = { observation: true, reward: true, discount: 0.9 };
  const envs = normalizeVector(
    vectorEnv(() => forgetful(), 2),
    options,
  );
  envs.reset(0);
  for (let t = 0; t < 9; t++) envs.step(right);
  const saved = stored(envs.snapshot());
  const moments = envs.moments.snapshot();
  expect(Math.max(...saved.returns)).toBeGreaterThan(0);

  const resumed = normalizeVector(
    vectorEnv(() => forgetful(), 2),
    options,
  );
  resumed.restore(saved);
  expect(resumed.moments.snapshot()).toEqual(moments);
  expect(stored(resumed.snapshot())).toMatchObject({ returns: [0, 0], returnMoments: saved.returnMoments });
  resumed.step(right);
  expect(resumed.rewards.every(Number.isFinite)).toBe(true);
});

test.each([
  ["in flat arrays", () => make("CartPole-v1")],
  ["one by one", () => corridor()],
])("%s, what is restored shows no step: last observations agree with the present ones", (_, makeEnv) => {
  const envs = vectorEnv<Box, Discrete>(makeEnv, 2);
  envs.reset(0);
  for (let t = 0; t < 12; t++) envs.step(right);
  const saved = stored(envs.snapshot());
  const normalizing = normalizeVector(vectorEnv<Box, Discrete>(makeEnv, 2), {
    observation: false,
    reward: true,
    discount: 0.9,
  });
  for (const restored of [vectorEnv<Box, Discrete>(makeEnv, 2), envs]) {
    restored.restore(saved);
    expect(restored.finalObservations).toEqual(restored.observations);
    expect([...restored.rewards, ...restored.terminated, ...restored.truncated]).toEqual([0, 0, 0, 0, 0, 0]);
  }
  normalizing.restore({ ...stored(normalizing.snapshot()), envs: saved });
  expect(normalizing.observations).toEqual(envs.observations);
  expect(normalizing.finalObservations).toEqual(envs.observations);
});

const taking = (Object.keys(algorithms) as AlgorithmName[]).filter((name) => {
  const { actionSpaces, observationSpaces } = algorithms[name];
  const { actionSpace, observationSpace } = forgetful();
  return actionSpaces.includes(actionSpace.kind) && observationSpaces.includes(observationSpace.kind);
});

test.each(
  taking.flatMap((name) =>
    "normalizeObservations" in algorithms[name].defaults
      ? [[name, false] as const, [name, true] as const]
      : [[name, false] as const],
  ),
)("%s goes on from a snapshot of such an environment (normalised: %s)", async (name, normalized) => {
  const wished = {
    totalSteps: 400,
    numEnvs: 2,
    minSteps: 100,
    horizon: 32,
    learningStarts: 50,
    batchSize: 16,
    reportEvery: 64,
    workers: 1,
    reportSteps: 64,
    normalizeObservations: normalized,
    normalizeRewards: normalized,
  };
  const { defaults } = algorithms[name];
  const options = Object.fromEntries(Object.entries(wished).filter(([option]) => option in defaults));
  const run = async (resume?: Parameters<typeof stored>[0]) => {
    const session = { kernel: referenceKernel({ bytes: 2 ** 23 }), ...(resume ? { resume: resume as never } : {}) };
    const reports = [];
    for await (const report of algorithms[name].run(() => forgetful(), options, session)) {
      const { json, arrays } = report.snapshot();
      reports.push({ steps: report.steps, snapshot: { json: stored(json), arrays } });
    }
    return reports;
  };
  const [first, ...others] = await run();
  const resumed = await run(first.snapshot);
  expect(others.length).toBeGreaterThan(0);
  expect(resumed[0].steps).toBeGreaterThan(first.steps);
  expect(resumed.at(-1)!.snapshot).toEqual((await run(first.snapshot)).at(-1)!.snapshot);
});
