import { expect, expectTypeOf, test } from "vitest";
import type { Env } from "../../src/env/env.ts";
import { environments, make, register } from "../../src/env/registry.ts";
import type { Box, Discrete } from "../../src/env/space.ts";
import { corridor } from "./corridor.ts";

test("a known id gives an environment of known spaces, any string some environment", () => {
  expectTypeOf(make("CartPole-v1")).toEqualTypeOf<Env<Box, Discrete>>();
  expectTypeOf(make("Pendulum-v1")).toEqualTypeOf<Env<Box, Box>>();
  expectTypeOf(make("CartPole-v1" as string)).toEqualTypeOf<Env>();
});

test("limits and thresholds are Gymnasium's, where the task is", () => {
  const facts = environments().map(({ id, maxEpisodeSteps, rewardThreshold }) => [
    id,
    maxEpisodeSteps,
    rewardThreshold,
  ]);
  expect(facts).toEqual([
    ["CartPole-v1", 500, 475],
    ["Acrobot-v1", 500, -100],
    ["MountainCar-v0", 200, -110],
    ["MountainCarContinuous-v0", 999, 90],
    ["Pendulum-v1", 200, null],
    ["CarOnTheHill-v0", 300, null],
    ["BitFlip-v0", 8, null],
    ["FrozenLake-v1", 100, 0.7],
    ["FrozenLake8x8-v1", 200, 0.85],
    ["CliffWalking-v1", null, null],
    ["Taxi-v4", 200, 8],
    ["Blackjack-v1", null, null],
  ]);
});

test("spaces are Gymnasium's", () => {
  const bounds = (id: string) => {
    const { observationSpace, actionSpace } = make(id);
    const { low, high } = observationSpace as Box;
    return [[...low], [...high], actionSpace];
  };
  const f = Math.fround;
  const angle = f((24 * Math.PI) / 180);
  const discrete = (n: number) => ({ kind: "discrete", n, start: 0 });
  const box = (bound: number) => ({
    kind: "box",
    shape: [1],
    low: Float32Array.of(-bound),
    high: Float32Array.of(bound),
  });
  expect(bounds("CartPole-v1")).toEqual([
    [f(-4.8), -Infinity, -angle, -Infinity],
    [f(4.8), Infinity, angle, Infinity],
    discrete(2),
  ]);
  const [fast, faster] = [f(4 * Math.PI), f(9 * Math.PI)];
  expect(bounds("Acrobot-v1")).toEqual([[-1, -1, -1, -1, -fast, -faster], [1, 1, 1, 1, fast, faster], discrete(3)]);
  expect(bounds("MountainCar-v0")).toEqual([[f(-1.2), f(-0.07)], [f(0.6), f(0.07)], discrete(3)]);
  expect(bounds("MountainCarContinuous-v0")).toEqual([[f(-1.2), f(-0.07)], [f(0.6), f(0.07)], box(1)]);
  expect(bounds("Pendulum-v1")).toEqual([[-1, -1, -8], [1, 1, 8], box(2)]);
});

test("an unknown id is answered with what is near, and with what there is", () => {
  expect(() => make("Cartpole-v0")).toThrow(
    'make: unknown environment "Cartpole-v0". Did you mean CartPole-v1? ' +
      "Known are: CartPole-v1, Acrobot-v1, MountainCar-v0, MountainCarContinuous-v0, Pendulum-v1",
  );
  expect(() => make("Pendulm")).toThrow("Did you mean Pendulum-v1?");
  expect(() => make("Tetris")).toThrow(/^make: unknown environment "Tetris"\. Known are: CartPole-v1, /);
});

test("a task of one's own is made by its id, cut at its limit, and listed", () => {
  register({ id: "Corridor-v7", make: () => corridor({ wind: 0 }), maxEpisodeSteps: 3 });
  const env = make("Corridor-v7");
  env.reset({ seed: 0 });
  expect([env.step(0), env.step(0), env.step(0)].map(({ truncated }) => truncated)).toEqual([false, false, true]);
  expect(environments().at(-1)).toMatchObject({ id: "Corridor-v7", maxEpisodeSteps: 3, rewardThreshold: null });
  expect(() => register({ id: "Corridor-v7", make: corridor })).toThrow('register: "Corridor-v7" is taken');
});

test("a limit must be a positive integer", () => {
  expect(() => make("CartPole-v1", { maxEpisodeSteps: 0 })).toThrow(
    "make: maxEpisodeSteps must be a positive integer or null, got 0.",
  );
});
