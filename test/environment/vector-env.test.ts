import { expect, test } from "vitest";
import type { Env } from "../../src/env/env.ts";
import { type Box, type Discrete, dict, discrete, multiDiscrete, tuple } from "../../src/env/space.ts";
import { vectorEnv } from "../../src/env/vector-env.ts";
import { corridor } from "./corridor.ts";

const still = { masked: true, wind: 0 };

/** A corridor with one function replaced. */
function broken(change: (env: Env<Box, Discrete>) => Partial<Env<Box, Discrete>>): () => Env<Box, Discrete> {
  return () => {
    const env = corridor(still);
    return { ...env, ...change(env) };
  };
}

test("masks follow the state, across the end of an episode too", () => {
  const envs = vectorEnv(() => corridor(still), 2);
  envs.reset(0);
  const right = Float32Array.of(1, 1);
  let ends = 0;
  for (let t = 0; t < 20; t++) {
    envs.step(right);
    for (const i of [0, 1]) {
      expect([...envs.actionMasks!.subarray(2 * i, 2 * i + 2)]).toEqual([envs.observations[i] > 0 ? 1 : 0, 1]);
      expect(envs.finalObservations[i] === 4).toBe(envs.terminated[i] === 1);
      expect(envs.observations[i]).toBeLessThan(4);
      ends += envs.terminated[i];
    }
  }
  expect(ends).toBeGreaterThan(5);
  expect(envs.drainEpisodes().length).toBe(ends);
});

test("an episode's return is the sum of its rewards, its length their number", () => {
  const envs = vectorEnv(() => corridor(still), 1);
  envs.reset(0);
  const start = envs.observations[0];
  const right = Float32Array.of(1);
  for (let position = start; position < 4; position++) envs.step(right);
  const expected = start === 0 ? { return: 1 + 2 + 3 + 4, length: 4 } : { return: 2 + 3 + 4, length: 3 };
  expect(envs.drainEpisodes()).toEqual([{ ...expected, index: 0, truncated: false }]);
});

test("a task without masks has none", () => {
  expect(vectorEnv(() => corridor(), 2).actionMasks).toBeNull();
});

test("composite observations and actions are flattened and put together again", () => {
  const seen: unknown[] = [];
  const env = {
    id: "Parts-v0",
    observationSpace: dict({ a: discrete(3), b: multiDiscrete([2, 2]) }),
    actionSpace: tuple([discrete(2, 5), multiDiscrete([3, 4])]),
    reset: () => ({ observation: { a: 2, b: Int32Array.of(1, 0) }, info: {} }),
    step(action: unknown) {
      seen.push(action);
      const observation = { a: 0, b: Int32Array.of(0, 1) };
      return { observation, reward: 1, terminated: false, truncated: false, info: {} };
    },
  };
  const envs = vectorEnv(() => env, 1);
  expect([envs.observationSize, envs.actionSize]).toEqual([7, 3]);
  envs.reset(0);
  expect([...envs.observations]).toEqual([0, 0, 1, 0, 1, 1, 0]);
  envs.step(Float32Array.of(1, 2, 3));
  expect(seen).toEqual([[6, Int32Array.of(2, 3)]]);
  expect([...envs.observations]).toEqual([1, 0, 0, 1, 0, 0, 1]);
});

test("an environment that throws is named, with its place and its step, and its error is the cause", () => {
  const envs = vectorEnv(() => corridor(still), 2);
  envs.reset(0);
  envs.step(Float32Array.of(1, 1));
  envs.step(Float32Array.of(1, 0));
  const [index, step] = envs.observations[1] === 0 ? [1, 2] : [1, 3];
  if (step === 3) envs.step(Float32Array.of(1, 0));
  let thrown: unknown;
  try {
    envs.step(Float32Array.of(1, 0));
  } catch (error) {
    thrown = error;
  }
  expect(String(thrown)).toBe(
    `Error: Corridor-v0: sub-environment ${index} failed after step ${step} of its episode: action 0 is forbidden here`,
  );
  expect((thrown as Error).cause).toEqual(new Error("action 0 is forbidden here"));
});

test("a reward or an observation that is not finite is reported, with its place and its step", () => {
  const rewardless = vectorEnv(
    broken((env) => ({ step: (action) => ({ ...env.step(action), reward: NaN }) })),
    2,
  );
  rewardless.reset(0);
  expect(() => rewardless.step(Float32Array.of(1, 1))).toThrow(
    /^Corridor-v0: sub-environment 0 returned what is not finite in single precision, at step 1 of its episode: .* reward NaN\.$/,
  );
  const huge = vectorEnv(
    broken((env) => ({ step: (action) => ({ ...env.step(action), reward: 1e39 }) })),
    1,
  );
  huge.reset(0);
  expect(() => huge.step(Float32Array.of(1))).toThrow(/not finite in single precision, .* reward Infinity\.$/);
  expect(() => huge.reset(0)).not.toThrow();
  const blind = vectorEnv(
    broken((env) => ({ step: (action) => ({ ...env.step(action), observation: Float32Array.of(Infinity) }) })),
    1,
  );
  blind.reset(0);
  expect(() => blind.step(Float32Array.of(1))).toThrow(/observation \[Infinity\]/);
});

test("an observation of the wrong size and a mask of the wrong size are refused", () => {
  const wide = broken(() => ({ reset: () => ({ observation: Float32Array.of(1, 2), info: {} }) }));
  expect(() => vectorEnv(wide, 2).reset(0)).toThrow(
    "Corridor-v0: sub-environment 0 failed after step 0 of its episode: flatten: observation must be 1 numbers, got a Float32Array of 2.",
  );
  const unmasked = broken((env) => ({ step: (action) => ({ ...env.step(action), info: {} }) }));
  const envs = vectorEnv(unmasked, 1);
  envs.reset(0);
  expect(() => envs.step(Float32Array.of(1))).toThrow(
    "Corridor-v0: sub-environment 0 must give an actionMask of 2 entries in every info, got none.",
  );
});

test("a mask that forbids every action is refused, unless the episode ends there", () => {
  const stuck = (ends: boolean) =>
    broken((env) => ({
      reset: () => ({ ...env.reset(), info: { actionMask: Uint8Array.of(1, 1) } }),
      step: (action) => ({ ...env.step(action), terminated: ends, info: { actionMask: Uint8Array.of(0, 0) } }),
    }));
  const envs = vectorEnv(stuck(false), 2);
  envs.reset(0);
  expect(() => envs.step(Float32Array.of(1, 1))).toThrow(
    "Corridor-v0: sub-environment 0, after step 1 of its episode: info.actionMask forbade every action; leave one, or end the episode.",
  );
  const over = vectorEnv(stuck(true), 1);
  over.reset(0);
  expect(() => over.step(Float32Array.of(1))).not.toThrow();
});

test("a choice outside its space never reaches a neighbour's row", () => {
  const env: Env<Discrete, Discrete> = {
    id: "Outside-v0",
    observationSpace: discrete(5),
    actionSpace: discrete(2),
    reset: () => ({ observation: 0, info: {} }),
    step: () => ({ observation: 7, reward: 0, terminated: false, truncated: false, info: {} }),
  };
  const envs = vectorEnv(() => env, 2);
  envs.reset(0);
  expect(() => envs.step(Float32Array.of(0, 0))).toThrow(
    "Outside-v0: sub-environment 0 failed after step 1 of its episode: flatten: observation must be an integer from 0 to 4, got 7.",
  );
  expect([...envs.finalObservations.subarray(5)]).toEqual([1, 0, 0, 0, 0]);
});

test("there must be an environment", () => {
  expect(() => vectorEnv(() => corridor(), 0)).toThrow("vectorEnv: numEnvs must be a positive integer, got 0.");
});
