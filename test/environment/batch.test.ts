import { describe, expect, test } from "vitest";
import type { Env, Step, VectorEnv } from "../../src/env/env.ts";
import { environments, make } from "../../src/env/registry.ts";
import type { Box, Discrete } from "../../src/env/space.ts";
import { encodeAction, sample } from "../../src/env/space-value.ts";
import { vectorEnv } from "../../src/env/vector-env.ts";
import { createRandom } from "../../src/math/random.ts";

/** The same environment without its fast path. */
function slow(id: string, maxEpisodeSteps?: number): Env {
  const { vectorize: _, ...env } = make(id, maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps });
  return env;
}

function randomActions(envs: VectorEnv, seed: number): () => Float32Array {
  const random = createRandom(seed);
  const actions = new Float32Array(envs.numEnvs * envs.actionSize);
  return () => {
    for (let i = 0; i < envs.numEnvs; i++) {
      encodeAction(envs.actionSpace, sample(envs.actionSpace, random), actions, i * envs.actionSize);
    }
    return actions;
  };
}

/** Everything a vector environment shows. */
function shown(envs: VectorEnv) {
  const { observations, finalObservations, rewards, terminated, truncated } = envs;
  return [observations, finalObservations, rewards, terminated, truncated].map((part) => [...part]);
}

describe.each(environments().map(({ id }) => id))("%s", (id) => {
  test("in flat arrays, runs as its copies do one by one", () => {
    const fast = vectorEnv(() => make(id, { maxEpisodeSteps: 60 }), 3);
    const slowly = vectorEnv(() => slow(id, 60), 3);
    const next = randomActions(fast, 5);
    fast.reset(7);
    slowly.reset(7);
    expect(shown(fast)).toEqual(shown(slowly));
    for (let t = 0; t < 150; t++) {
      const actions = next();
      fast.step(actions);
      slowly.step(actions);
      expect(shown(fast)).toEqual(shown(slowly));
    }
    const episodes = fast.drainEpisodes();
    expect(episodes.length).toBeGreaterThan(5);
    expect(episodes).toEqual(slowly.drainEpisodes());
    expect(fast.drainEpisodes()).toEqual([]);
  });

  test.each([
    ["in flat arrays", () => make(id, { maxEpisodeSteps: 20 })],
    ["one by one", () => slow(id, 20)],
  ])("%s, a snapshot that went through JSON brings back the future", (_, makeEnv) => {
    const envs = vectorEnv(makeEnv, 2);
    envs.reset(3);
    const next = randomActions(envs, 5);
    for (let t = 0; t < 30; t++) envs.step(next());
    const observations = [...envs.observations];
    const saved = JSON.stringify(envs.snapshot());
    const future = () => {
      const again = randomActions(envs, 9);
      return Array.from({ length: 30 }, () => {
        envs.step(again());
        return shown(envs);
      }).concat(envs.drainEpisodes().map(({ return: total, length }) => [[total, length]]));
    };
    const first = future();
    envs.restore(JSON.parse(saved));
    expect([...envs.observations]).toEqual(observations);
    expect(future()).toEqual(first);
  });

  test("shows observations within its bounds, and draws itself", () => {
    const env: Env = make(id);
    const random = createRandom(1);
    env.reset({ seed: 1 });
    expect(env.render?.()).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 600 400">.*<\/svg>$/);
    env.step(sample(env.actionSpace, random));
    const drawing = env.render?.() ?? "";
    expect(drawing).not.toMatch(/NaN|undefined|Infinity/);
    expect(drawing.length).toBeLessThan(1500);
  });
});

test("where an episode ends, the true last observation is kept and the next episode has begun", () => {
  const envs = vectorEnv(() => make("CartPole-v1"), 1);
  envs.reset(0);
  const pushRight = Float32Array.of(1);
  do envs.step(pushRight);
  while (envs.terminated[0] === 0);
  expect(Math.abs(envs.finalObservations[2])).toBeGreaterThan(0.2094);
  expect(Math.abs(envs.observations[2])).toBeLessThanOrEqual(0.05);
  const [episode] = envs.drainEpisodes();
  expect(episode).toEqual({ return: episode.length, length: episode.length, index: 0, truncated: false });
});

test("the time limit truncates, and only then", () => {
  const envs = vectorEnv(() => make("Pendulum-v1"), 2);
  envs.reset(0);
  for (let t = 1; t <= 200; t++) {
    envs.step(Float32Array.of(0, 0));
    expect([...envs.truncated, ...envs.terminated]).toEqual([Number(t === 200), Number(t === 200), 0, 0]);
  }
  expect(envs.drainEpisodes().map(({ truncated }) => truncated)).toEqual([true, true]);
});

test("a task that ends of itself at the limit has terminated, not been truncated", () => {
  const lengthOfFall = fall(make("CartPole-v1")).length;
  const limit = { maxEpisodeSteps: lengthOfFall };
  expect(fall(make("CartPole-v1", limit)).at(-1)).toMatchObject({ terminated: true, truncated: false });
  const envs = vectorEnv(() => make("CartPole-v1", limit), 1);
  envs.reset(0);
  for (let t = 0; t < lengthOfFall; t++) envs.step(Float32Array.of(1));
  expect([envs.terminated[0], envs.truncated[0]]).toEqual([1, 0]);
});

/** Pushes right, from seed 0, until the end. */
function fall(env: Env<Box, Discrete>): Step<Box>[] {
  env.reset({ seed: 0 });
  const steps = [env.step(1)];
  while (!steps.at(-1)!.terminated && !steps.at(-1)!.truncated) steps.push(env.step(1));
  return steps;
}

test("without a limit, an episode goes on", () => {
  const env = make("Pendulum-v1", { maxEpisodeSteps: null });
  env.reset();
  for (let t = 0; t < 250; t++) expect(env.step(Float32Array.of(0)).truncated).toBe(false);
});

test("sub-environment i starts as an environment seeded with seed + i", () => {
  const envs = vectorEnv(() => make("CartPole-v1"), 3);
  envs.reset(40);
  const alone = make("CartPole-v1").reset({ seed: 42 });
  expect([...envs.observations.subarray(8, 12)]).toEqual([...alone.observation]);
});

test("what is not finite is reported with its name, its place and its step", () => {
  const pendulum = vectorEnv(() => make("Pendulum-v1"), 3);
  pendulum.reset(0);
  pendulum.step(Float32Array.of(0, 0, 0));
  expect(() => pendulum.step(Float32Array.of(0, NaN, 0))).toThrow(
    /^Pendulum-v1: sub-environment 1 returned what is not finite in single precision, at step 2 of its episode: observation \[/,
  );
});

test("an action outside the choices is refused", () => {
  const envs = vectorEnv(() => make("MountainCar-v0"), 2);
  envs.reset(0);
  for (const action of [3, -1, 0.5, NaN]) {
    const message = `MountainCar-v0: action of sub-environment 1 must be an integer from 0 to 2, got ${action}.`;
    expect(() => envs.step(Float32Array.of(0, action))).toThrow(message);
  }
  const env = make("MountainCar-v0");
  env.reset();
  expect(() => env.step(3)).toThrow("MountainCar-v0: action must be an integer from 0 to 2, got 3.");
});

test("an environment refuses a step outside an episode and a start state that is none", () => {
  const env = make("CartPole-v1");
  expect(() => env.step(0)).toThrow("CartPole-v1: step was called outside an episode; call reset first.");
  expect(() => env.reset({ options: { state: [0, 0, 0] } })).toThrow(
    "CartPole-v1: options.state must be 4 finite numbers, got [0,0,0].",
  );
});
