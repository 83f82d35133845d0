import { bitFlip, checkEnv, type Env, isGoalEnv, make, timeLimit, transformReward } from "belay-rl";
import { expect, expectTypeOf, test } from "vitest";
import { goalLayout, whyNotGoalEnv } from "../../src/env/goal-env.ts";
import { box, dict, discrete } from "../../src/env/space.ts";

test("BitFlip: an action flips a bit, a step costs 1, and the one that gets there ends the episode", () => {
  let { observation } = bitFlip({ bits: 4 }).reset({ seed: 3 });
  expect(observation.observation).toEqual(observation.achieved_goal);
  const wrong = [0, 1, 2, 3].filter((i) => observation.achieved_goal[i] !== observation.desired_goal[i]);
  expect(wrong.length).toBeGreaterThan(1);
  // Just in time: an end at the limit is an end.
  const env = bitFlip({ bits: 4, maxEpisodeSteps: wrong.length });
  env.reset({ seed: 3 });
  wrong.forEach((bit, i) => {
    const step = env.step(bit);
    expect(step.observation.achieved_goal[bit]).toBe(1 - observation.achieved_goal[bit]);
    const isLast = i === wrong.length - 1;
    expect(step).toMatchObject({ reward: isLast ? 0 : -1, terminated: isLast, truncated: false });
    observation = step.observation;
  });
  expect(() => env.step(0)).toThrow("BitFlip-v0: step was called outside an episode; call reset first.");
  expect(() => bitFlip({ bits: 0 })).toThrow("bitFlip: bits must be a positive integer, got 0.");
});

test("BitFlip is cut after as many steps as it has bits, or as told", () => {
  const lengthOf = (env: Env) => {
    env.reset({ seed: 0 });
    // Bit 0 to and fro: with this seed, others are wrong too.
    for (let t = 1; ; t++) {
      const { terminated, truncated } = env.step(0);
      expect(terminated).toBe(false);
      if (truncated) return t;
    }
  };
  expect(lengthOf(bitFlip({ bits: 11 }))).toBe(11);
  expect(lengthOf(make("BitFlip-v0"))).toBe(8);
  expect(lengthOf(make("BitFlip-v0", { maxEpisodeSteps: 3 }))).toBe(3);
  expectTypeOf(make("BitFlip-v0").computeReward).toBeFunction();
});

test("what leaves observations and rewards alone leaves a goal environment one; what changes rewards does not", () => {
  const env = bitFlip();
  expect(isGoalEnv(env)).toBe(true);
  expect(isGoalEnv(timeLimit(env, 5))).toBe(true);
  expect(isGoalEnv(transformReward(env, (reward) => 2 * reward))).toBe(false);
  expect(whyNotGoalEnv(make("CartPole-v1"))).toBe(
    "shows a box, not a Dict with the parts observation, achieved_goal and desired_goal",
  );
});

test("goals lie where the flattened observation has them, in whatever order", () => {
  const two = box({ low: 0, high: 1, shape: [2] });
  const space = dict({ desired_goal: two, extra: discrete(5), achieved_goal: two, observation: discrete(3) });
  expect(goalLayout(space)).toEqual({ desired: 0, achieved: 7, size: 2 });
  expect(() => goalLayout(dict({ observation: two }))).toThrow(
    "goalLayout: the environment shows the parts observation",
  );
});

test("checkEnv holds rewards and ends against those computed of the goals", () => {
  const sentences = (env: Env) => checkEnv(env).map(({ sentence }) => sentence);
  const env = bitFlip();
  expect(sentences(env)).toEqual([]);
  expect(sentences({ ...env, computeReward: () => 1 } as Env)).toEqual([
    expect.stringContaining("of whose goals computeReward makes 1; the two must agree."),
  ]);
  expect(sentences({ ...env, computeTerminated: () => true } as Env)).toEqual([
    expect.stringContaining("returned terminated false, of whose goals computeTerminated makes true"),
  ]);
  const spoiling = (achieved: Float32Array, desired: Float32Array) => {
    const reward = env.computeReward(achieved, desired);
    desired.fill(0.5);
    return reward;
  };
  expect(sentences({ ...env, computeReward: spoiling } as Env)).toEqual([
    expect.stringContaining("had its goals changed by computeReward"),
  ]);
  expect(sentences({ ...make("CartPole-v1"), computeReward: () => 1 } as Env)).toEqual([
    expect.stringContaining("It has computeReward, but shows a box"),
  ]);
});
