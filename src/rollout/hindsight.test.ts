import { expect, test } from "vitest";
import type { GoalEnv } from "../env/goal-env.ts";
import { goalLayout } from "../env/goal-env.ts";
import { box, type Discrete, dict, discrete } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { createRandom } from "../math/random.ts";
import { createHindsight, type HindsightStrategy } from "./hindsight.ts";
import { createReplay } from "./replay.ts";
import { createTransitions } from "./transitions.ts";

/** Reaches `first` and on, one a step; it wants what it never reaches. An episode has 5 steps; that to 12 terminates. */
function counter(first: number) {
  let count = first - 1;
  let step = 0;
  const number = box({ low: -Infinity, high: Infinity, shape: [1] });
  const observe = () => ({
    observation: Float32Array.of(100_000 + count),
    achieved_goal: Float32Array.of(count),
    desired_goal: Float32Array.of(-1),
  });
  return {
    id: "Counter",
    observationSpace: dict({ observation: number, achieved_goal: number, desired_goal: number }),
    actionSpace: discrete(2) as Discrete,
    reset() {
      step = 0;
      count++;
      return { observation: observe(), info: {} };
    },
    step() {
      step++;
      count++;
      const [terminated, truncated] = [step === 5 && count % 1000 === 12, step === 5 && count % 1000 !== 12];
      return { observation: observe(), reward: -count, terminated, truncated, info: {} };
    },
    /** No other pair has the same. */
    computeReward: (achieved: Float32Array, desired: Float32Array) => achieved[0] - desired[0] / 1024,
    computeTerminated: (achieved: Float32Array, desired: Float32Array) => achieved[0] === desired[0],
  };
}

/** Environment n reaches 1000n + 1 … + 6, then + 7 … + 12, then + 13 and as far as it comes. */
function relabelled(strategy: HindsightStrategy, steps: number, options: { capacity?: number; goals?: number } = {}) {
  const { capacity = 100, goals = 4 } = options;
  let made = 0;
  const envs = vectorEnv(() => counter(made++ ? 1001 : 0), 2);
  envs.reset(0); // the first has been reset once before, when it was looked at
  const replay = createReplay(referenceKernel(), envs, { capacity, discount: 0.5 });
  replay.begin(envs);
  for (let t = 0; t < steps; t++) {
    envs.step(new Float32Array(2));
    replay.add(envs, new Float32Array(2));
  }
  const [task, size] = [counter(0), 4000];
  const hindsight = createHindsight(replay, goalLayout(task.observationSpace), task, {
    strategy,
    goals,
    discount: 0.5,
  });
  const batch = createTransitions(referenceKernel(), envs, size);
  const random = createRandom(1);
  replay.sample(size, random, batch);
  hindsight(batch, random);
  const drawn = Array.from({ length: size }, (_, i) => {
    const [from, to] = [batch.observations, batch.nextObservations].map((all) => [...all.subarray(3 * i, 3 * i + 3)]);
    return { from, to, reached: to[1], wanted: from[2], reward: batch.rewards[i], discount: batch.discounts[i] };
  });
  // The rest of an observation stays as it was, and both have the same goal.
  expect(drawn.filter(({ from: [seen, at] }) => seen !== 100_000 + at)).toEqual([]);
  expect(drawn.filter(({ from: [seen, at, goal], to }) => `${to}` !== `${[seen + 1, at + 1, goal]}`)).toEqual([]);
  return drawn;
}

/** Numbers from the first of its environment on: 6 is what the first episode reached last. */
const within = (count: number) => count % 1000;
const lastOf = (reached: number) => 6 * Math.ceil(within(reached) / 6) - within(reached) + reached;

test("rewards and ends are those of the goal put in, by the environment's own judgement", () => {
  for (const strategy of ["final", "future"] as const) {
    for (const { reached, wanted, reward, discount } of relabelled(strategy, 13)) {
      if (wanted === -1) {
        expect(reward).toBe(-reached);
        expect(discount).toBe(within(reached) === 12 ? 0 : 0.5);
      } else {
        expect(reward).toBe(Math.fround(reached - wanted / 1024));
        expect(discount).toBe(reached === wanted ? 0 : 0.5);
      }
    }
  }
});

test("k of k + 1 transitions have another goal", () => {
  for (const goals of [1, 4]) {
    const drawn = relabelled("future", 13, { goals });
    const share = drawn.filter(({ wanted }) => wanted !== -1).length / drawn.length;
    expect(Math.abs(share - goals / (goals + 1))).toBeLessThan(0.03);
  }
});

test("a final goal is what the episode reached last; while it goes on there is none", () => {
  const drawn = relabelled("final", 13);
  for (const { reached, wanted } of drawn) if (wanted !== -1) expect(wanted).toBe(lastOf(reached));
  expect(drawn.some(({ reached, wanted }) => within(reached) <= 6 && wanted !== -1)).toBe(true);
  const running = drawn.filter(({ reached }) => within(reached) > 12);
  expect(running.length).toBeGreaterThan(100);
  expect(running.every(({ wanted }) => wanted === -1)).toBe(true);
});

test("a future goal is any that the episode reached after the transition, as likely each, in the running episode too", () => {
  const drawn = relabelled("future", 13).filter(({ wanted }) => wanted !== -1);
  for (const { reached, wanted } of drawn) {
    expect(wanted).toBeGreaterThanOrEqual(reached);
    // 13 steps: two episodes of 5, then three of the third.
    expect(wanted).toBeLessThanOrEqual(within(reached) > 12 ? reached - within(reached) + 16 : lastOf(reached));
  }
  const first = drawn.filter(({ reached }) => reached === 2);
  const counts = [2, 3, 4, 5, 6].map((goal) => first.filter(({ wanted }) => wanted === goal).length);
  const expected = first.length / 5;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(4 + 4 * Math.sqrt(8));
  expect(drawn.some(({ wanted }) => within(wanted) === 16)).toBe(true);
});

test("goals come from the same episode where the ring has come round and cut its beginning off", () => {
  for (const { reached, wanted } of relabelled("future", 43, { capacity: 2 * 9 })) {
    if (wanted === -1) continue;
    expect(wanted).toBeGreaterThanOrEqual(reached);
    expect(wanted).toBeLessThanOrEqual(lastOf(reached));
  }
});

test("an environment in which goals decide no end keeps its ends, and one that judges no number is refused", () => {
  const envs = vectorEnv(() => counter(0), 1);
  envs.reset(0);
  const replay = createReplay(referenceKernel(), envs, { capacity: 50, discount: 0.5 });
  replay.begin(envs);
  for (let t = 0; t < 10; t++) {
    envs.step(new Float32Array(1));
    replay.add(envs, new Float32Array(1));
  }
  const { computeReward, observationSpace }: GoalEnv = counter(0);
  const options = { strategy: "future", goals: 1e9, discount: 0.5 } as const;
  const batch = createTransitions(referenceKernel(), envs, 200);
  replay.sample(200, createRandom(1), batch);
  const before = batch.discounts.slice();
  createHindsight(replay, goalLayout(observationSpace), { computeReward }, options)(batch, createRandom(2));
  expect(batch.discounts).toEqual(before);
  expect(before).toContain(0);
  const lost = createHindsight(replay, goalLayout(observationSpace), { computeReward: () => Number.NaN }, options);
  expect(() => lost(batch, createRandom(3))).toThrow("hindsight: computeReward must return a finite number, got NaN.");
});
