import { describe, expect, expectTypeOf, test } from "vitest";
import type { Env } from "../../src/env/env.ts";
import { make } from "../../src/env/registry.ts";
import { type Box, box, type Discrete, discrete, type Space } from "../../src/env/space.ts";
import { sample } from "../../src/env/space-value.ts";
import { vectorEnv } from "../../src/env/vector-env.ts";
import { clipAction, rescaleAction } from "../../src/env/wrapper/action.ts";
import { frameStack } from "../../src/env/wrapper/frame-stack.ts";
import { normalizeObservation, normalizeReward } from "../../src/env/wrapper/normalize.ts";
import { normalizeVector } from "../../src/env/wrapper/normalize-vector.ts";
import { recordEpisodeStatistics } from "../../src/env/wrapper/record-episode-statistics.ts";
import { timeLimit } from "../../src/env/wrapper/time-limit.ts";
import { transformAction, transformObservation, transformReward } from "../../src/env/wrapper/transform.ts";
import { createRandom } from "../../src/math/random.ts";
import { corridor } from "./corridor.ts";

/** Starts in cell 0, goes right through 1, 2 and 3 to 4. */
function straight(): Env<Box, Discrete> {
  const env = corridor({ wind: 0 });
  return {
    ...env,
    reset(options) {
      const first = env.reset(options);
      if (first.observation[0] === 0) return first;
      return { ...first, observation: env.step(0).observation };
    },
  };
}

/** Takes whatever action it gets, and shows it as the reward. */
function echo(): Env<Box, Box> {
  const observation = Float32Array.of(0);
  return {
    id: "Echo-v0",
    observationSpace: box({ low: [0], high: [0] }),
    actionSpace: box({ low: [-2], high: [6] }),
    reset: () => ({ observation, info: {} }),
    step: (action) => ({ observation, reward: action[0], terminated: false, truncated: false, info: {} }),
  };
}

test("a time limit truncates where the task does not terminate there of itself", () => {
  const ends = (limit: number) => {
    const env = timeLimit(straight(), limit);
    env.reset();
    const steps = Array.from({ length: Math.min(limit, 4) }, () => env.step(1));
    return steps.map(({ terminated, truncated }) => `${Number(terminated)}${Number(truncated)}`).join(" ");
  };
  expect(ends(3)).toBe("00 00 01");
  expect(ends(4)).toBe("00 00 00 10");
});

test("episode statistics are in the info of the last step only", () => {
  const env = recordEpisodeStatistics(straight());
  for (let episode = 0; episode < 2; episode++) {
    env.reset();
    const infos = Array.from({ length: 4 }, () => env.step(1).info);
    expect(infos).toEqual([{}, {}, {}, { episode: { return: 1 + 2 + 3 + 4, length: 4 } }]);
  }
});

test("a frame stack begins with the first observation in every place and then shifts", () => {
  const env = frameStack(straight(), 3);
  expect(env.observationSpace).toEqual(box({ low: [0, 0, 0], high: [4, 4, 4], shape: [3, 1] }));
  const first = env.reset().observation;
  const shown = [first, ...Array.from({ length: 3 }, () => env.step(1).observation)];
  expect(shown.map((frames) => [...frames])).toEqual([
    [0, 0, 0],
    [0, 0, 1],
    [0, 1, 2],
    [1, 2, 3],
  ]);
});

test("actions are clipped to the bounds, or stretched to them", () => {
  const clipped = clipAction(echo());
  expect([-9, 1, 9].map((x) => clipped.step(Float32Array.of(x)).reward)).toEqual([-2, 1, 6]);
  const rescaled = rescaleAction(echo());
  expect(rescaled.actionSpace).toEqual(box({ low: [-1], high: [1] }));
  expect([-1, 0, 0.5, 1].map((x) => rescaled.step(Float32Array.of(x)).reward)).toEqual([-2, 2, 4, 6]);
  expect(() => rescaleAction(clipAction(echo()))).toThrow(
    "rescaleAction: Echo-v0 must bound its actions, got [-Infinity] to [Infinity].",
  );
});

test("transformations change values and types together", () => {
  const parity = transformObservation(straight(), discrete(2), (observation) => observation[0] % 2);
  expectTypeOf(parity).toEqualTypeOf<Env<Discrete, Discrete>>();
  const louder = transformReward(parity, (reward) => 10 * reward);
  const steered = transformAction(louder, box({ low: [-1], high: [1] }), (action) => (action[0] > 0 ? 1 : 0));
  expectTypeOf(steered).toEqualTypeOf<Env<Discrete, Box>>();
  expect(steered.reset().observation).toBe(0);
  const { observation, reward } = steered.step(Float32Array.of(0.3));
  expect([observation, reward]).toEqual([1, 10]);
});

test("observations are normalised by what was seen so far", () => {
  const env = normalizeObservation(straight());
  env.reset();
  env.step(1);
  // Cells 0, 1, 2: mean 1, variance ⅔; (2 − 1) / √⅔ = 1.2247, but for the initial count of 1e-4.
  expect(env.step(1).observation[0]).toBeCloseTo(1.2247, 3);
});

test("rewards are divided by the deviation of the discounted return, and their mean stays", () => {
  const env = normalizeReward(straight(), { discount: 0.5 });
  env.reset();
  env.step(1);
  // Returns 1 and ½ · 1 + 2 = 2.5: variance ¾² = 0.5625; the reward 2 becomes 2 / 0.75.
  expect(env.step(1).reward).toBeCloseTo(2 / 0.75, 3);
  env.step(1);
  env.step(1);
  env.reset();
  // The accumulator starts anew: returns 1, 2.5, 4.25, 6.125 and now 1, of variance 3.915.
  expect(env.step(1).reward).toBeCloseTo(1 / Math.sqrt(3.915), 3);
});

describe.each<[string, () => Env<Space, Space>]>([
  ["timeLimit", () => timeLimit(corridor(), 3)],
  ["recordEpisodeStatistics", () => recordEpisodeStatistics(corridor())],
  ["frameStack", () => frameStack(corridor(), 3)],
  ["normalizeObservation", () => normalizeObservation(corridor())],
  ["normalizeReward", () => normalizeReward(corridor())],
  ["transformReward", () => transformReward(corridor(), (reward) => -reward)],
])("%s", (_, makeEnv) => {
  test("carries its own state through a snapshot", () => {
    const envs = vectorEnv(makeEnv, 1);
    const random = createRandom(1);
    const step = () => {
      envs.step(Float32Array.of(random.integer(2)));
      return [...envs.observations, ...envs.rewards, ...envs.truncated];
    };
    envs.reset(1);
    for (let t = 0; t < 10; t++) step();
    const [saved, luck] = [JSON.stringify(envs.snapshot()), random.snapshot()];
    const first = Array.from({ length: 20 }, step);
    envs.restore(JSON.parse(saved));
    random.restore(luck);
    expect(Array.from({ length: 20 }, step)).toEqual(first);
  });
});

test("a wrapper keeps the name and the drawing, and gives up the fast path that it could not follow", () => {
  const env = timeLimit(make("CartPole-v1"), 10);
  env.reset();
  expect(env.id).toBe("CartPole-v1");
  expect(env.render?.()).toMatch(/^<svg/);
  expect(env.vectorize).toBeUndefined();
});

describe("normalizeVector", () => {
  const options = { observation: true, reward: true, discount: 0.5 };

  /** Sub-environments 0 and 1 both start in cell 0. */
  function twoCorridors() {
    return vectorEnv(straight, 2);
  }

  test("normalises by moments that all sub-environments share, from the first observations on", () => {
    const envs = normalizeVector(twoCorridors(), options);
    envs.reset(0);
    expect([...envs.observations]).toEqual([0, 0]);
    envs.step(Float32Array.of(1, 0));
    // Seen: 0, 0 and 1, 0. Mean ¼, variance 3⁄16: (1 − ¼) / √(3⁄16) = √3, (0 − ¼) / √(3⁄16) = −1 / √3.
    expect(envs.moments.mean[0]).toBeCloseTo(0.25, 4);
    expect(envs.moments.variance[0]).toBeCloseTo(3 / 16, 3);
    expect(envs.observations[0]).toBeCloseTo(Math.sqrt(3), 3);
    expect(envs.observations[1]).toBeCloseTo(-1 / Math.sqrt(3), 3);
    expect(envs.finalObservations).toEqual(envs.observations);
    // Returns 1 and 0, variance ¼: the reward 1 becomes 1 / ½.
    expect(envs.rewards[0]).toBeCloseTo(2, 3);
    expect(envs.rewards[1]).toBe(0);
  });

  test("normalises a last observation by the same moments, and leaves episode statistics raw", () => {
    const raw = twoCorridors();
    const envs = normalizeVector(raw, options);
    envs.reset(0);
    for (let t = 0; t < 4; t++) envs.step(Float32Array.of(1, 1));
    const { mean, variance } = envs.moments;
    expect([...raw.finalObservations]).toEqual([4, 4]);
    expect(envs.finalObservations[0]).toBeCloseTo((4 - mean[0]) / Math.sqrt(variance[0]), 5);
    expect(envs.observations[0]).toBeCloseTo((0 - mean[0]) / Math.sqrt(variance[0]), 5);
    expect(envs.drainEpisodes().map((episode) => episode.return)).toEqual([10, 10]);
  });

  test("begins the discounted return anew with each episode", () => {
    const envs = normalizeVector(twoCorridors(), options);
    envs.reset(0);
    for (let t = 0; t < 5; t++) envs.step(Float32Array.of(1, 1));
    // Returns, twice each: 1, 2.5, 4.25, 6.125 and, in the next episode, 1; their variance is 3.915.
    expect(envs.rewards[0]).toBeCloseTo(1 / Math.sqrt(3.915), 3);
  });

  test("cuts off at the clip, and leaves alone what it is told to", () => {
    const clipped = normalizeVector(twoCorridors(), { ...options, clip: 0.5 });
    clipped.reset(0);
    clipped.step(Float32Array.of(1, 0));
    expect([...clipped.observations, ...clipped.rewards]).toEqual([0.5, -0.5, 0.5, 0]);
    const untouched = normalizeVector(twoCorridors(), { observation: false, reward: false, discount: 0.5 });
    untouched.reset(0);
    untouched.step(Float32Array.of(1, 0));
    expect([...untouched.observations, ...untouched.rewards]).toEqual([1, 0, 1, 0]);
  });

  test("a snapshot that went through JSON brings back moments and future", () => {
    const envs = normalizeVector(
      vectorEnv(() => make("Pendulum-v1"), 3),
      { ...options, discount: 0.99 },
    );
    const step = (t: number) => {
      const random = createRandom(t);
      envs.step(Float32Array.from({ length: 3 }, () => sample(envs.actionSpace, random)[0]));
      return [envs.observations, envs.finalObservations, envs.rewards].map((part) => [...part]);
    };
    envs.reset(0);
    for (let t = 0; t < 190; t++) step(t);
    const saved = JSON.stringify(envs.snapshot());
    const observations = [...envs.observations];
    const first = Array.from({ length: 30 }, (_, t) => step(t));
    envs.restore(JSON.parse(saved));
    expect([...envs.observations]).toEqual(observations);
    expect(Array.from({ length: 30 }, (_, t) => step(t))).toEqual(first);
  });
});
