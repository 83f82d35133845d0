import { expect, test } from "vitest";
import { make } from "../env/registry.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { a3cDefaults } from "./a3c.ts";
import { shareParameters } from "./a3c-shared.ts";
import { createActorLearner, prepareActor } from "./a3c-worker.ts";

const config = { ...a3cDefaults, hidden: [8], seed: 3 };
const share = { steps: 0, totalSteps: 10_000, rollouts: 40 };

/** A worker in the given place, with a kernel and θ of its own; the same θ for all. */
function workerIn(place: number) {
  const actor = prepareActor(() => make("CartPole-v1"), config, { kernel: wasmKernel({ bytes: 2 ** 22 }) }, place);
  const shared = shareParameters(actor.policy.parameters, actor.kernel, { workers: 1, threads: false });
  return { shared, work: createActorLearner(actor, config, shared, actor.kernel, { index: 0, place, state: null }) };
}

test("workers in different places begin with the same parameters, and meet different chances and starts", () => {
  const [first, again, second] = [workerIn(0), workerIn(0), workerIn(1)];
  expect(second.shared.parameters).toEqual(first.shared.parameters);
  const episodes = [first, again, second].map(({ work }) => work(share).episodes);
  expect(episodes[1]).toEqual(episodes[0]);
  expect(episodes[2]).not.toEqual(episodes[0]);
  // The streams of chance alone: drawn before any start is seen.
  const streams = [0, 0, 1, 2].map((place) =>
    prepareActor(() => make("CartPole-v1"), config, {}, place).acting.uniform(),
  );
  expect(streams[1]).toBe(streams[0]);
  expect(new Set(streams).size).toBe(3);
});

test("sub-environments of all workers, and of those who replace them, have starts of their own", () => {
  const starts = [0, 1, 2].flatMap((place) => {
    const actor = prepareActor(() => make("CartPole-v1"), { ...config, numEnvs: 2 }, {}, place);
    const shared = shareParameters(actor.policy.parameters, actor.kernel, { workers: 1, threads: false });
    createActorLearner(actor, { ...config, numEnvs: 2 }, shared, actor.kernel, { index: 0, place, state: null });
    return [0, 1].map((n) => `${actor.envs.observations.slice(4 * n, 4 * n + 4)}`);
  });
  expect(new Set(starts).size).toBe(6);
});

test("a worker does what others have left of a share, and no more", () => {
  const { shared, work } = workerIn(0);
  Atomics.store(shared.begun, 0, 30);
  expect(work(share).updates).toBe(10);
  expect(work(share).updates).toBe(0);
});

test("what another thread does to the shared parameters, the next rollout is played with", () => {
  const { shared, work } = workerIn(0);
  // A critic whose every weight is 0 expects nothing: the loss is the squared return alone.
  shared.parameters.fill(0);
  const { metrics } = work({ ...share, rollouts: 1 });
  const rewards = [5, 4, 3, 2, 1].map((steps) => (1 - 0.99 ** steps) / (1 - 0.99));
  const squares = rewards.map((reward) => reward * reward);
  expect(metrics.valueLoss).toBeCloseTo(squares.reduce((a, b) => a + b) / 5, 3);
});
