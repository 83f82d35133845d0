import { describe, expect, test } from "vitest";
import { createRandom } from "../math/random.ts";
import { checkEnv } from "./check-env.ts";
import { bitFlip } from "./goal/bit-flip.ts";
import { type TabularEnv, tabularEnv } from "./tabular-env.ts";
import { blackjack } from "./toy-text/blackjack.ts";
import { cliffWalking } from "./toy-text/cliff-walking.ts";
import { frozenLake } from "./toy-text/frozen-lake.ts";
import { taxi } from "./toy-text/taxi.ts";
import { tabulate } from "./transition-table.ts";
import { vectorEnv } from "./vector-env.ts";

const tasks: readonly (() => TabularEnv)[] = [
  frozenLake,
  () => frozenLake({ map: "8x8", maxEpisodeSteps: 7 }),
  () => cliffWalking({ slippery: true, maxEpisodeSteps: 50 }),
  () => taxi({ maxEpisodeSteps: 20 }),
  blackjack,
] as never;

describe.each(tasks.map((makeEnv) => ({ name: makeEnv().id, makeEnv })))("$name", ({ makeEnv }) => {
  test("is an environment as it should be, and draws itself", () => {
    expect(checkEnv(makeEnv()).filter(({ severity }) => severity === "error")).toEqual([]);
    const env = makeEnv();
    env.reset({ seed: 0 });
    expect(env.render?.()).toMatch(/^<svg .*<\/svg>$/s);
  });

  test("many at once follow the same trajectories as one by one", () => {
    const many = vectorEnv(makeEnv, 3);
    const { vectorize, ...bare } = makeEnv();
    expect(vectorize).toBeDefined();
    const oneByOne = vectorEnv(() => {
      const { vectorize: _, ...env } = makeEnv();
      return env;
    }, 3);
    expect(bare.id).toBe(many.id);
    many.reset(4);
    oneByOne.reset(4);
    const random = createRandom(1);
    const n = makeEnv().actionSpace.n;
    for (let t = 0; t < 100; t++) {
      expect(many.observations).toEqual(oneByOne.observations);
      expect(many.finalObservations).toEqual(oneByOne.finalObservations);
      expect([...many.rewards, ...many.terminated, ...many.truncated]).toEqual([
        ...oneByOne.rewards,
        ...oneByOne.terminated,
        ...oneByOne.truncated,
      ]);
      expect(many.actionMasks).toEqual(oneByOne.actionMasks);
      const actions = Float32Array.from({ length: 3 }, () => random.integer(n));
      many.step(actions);
      oneByOne.step(actions);
    }
    expect(many.drainEpisodes()).toEqual(oneByOne.drainEpisodes());
  });

  test("many that are put back show what was shown, and go on the same", () => {
    const [first, second] = [vectorEnv(makeEnv, 3), vectorEnv(makeEnv, 3)];
    for (const envs of [first, second]) envs.reset(9);
    const idle = new Float32Array(3);
    for (let t = 0; t < 30; t++) first.step(idle.fill(t % first.actionSpace.n));
    second.restore(JSON.parse(JSON.stringify(first.snapshot())));
    for (let t = 0; t < 30; t++) {
      expect(second.observations).toEqual(first.observations);
      expect(second.actionMasks).toEqual(first.actionMasks);
      for (const envs of [first, second]) envs.step(idle.fill(t % envs.actionSpace.n));
    }
    expect(second.drainEpisodes()).toEqual(first.drainEpisodes());
  });
});

test("what follows is drawn by the chances in P: a slip to either side in a third of the steps each", () => {
  const env = frozenLake();
  env.reset({ seed: 3 });
  const counts = new Map<number, number>();
  for (let i = 0; i < 9000; i++) {
    env.reset({ options: { state: 9 } });
    const { observation } = env.step(1);
    counts.set(observation, (counts.get(observation) ?? 0) + 1);
  }
  // Down from cell 9: to 13, or aside to 8 or 10. √(9000 · ⅓ · ⅔) = 45; five of them are 225.
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual([8, 10, 13]);
  for (const count of counts.values()) expect(Math.abs(count - 3000)).toBeLessThan(225);
});

test("Taxi forbids what would change nothing", () => {
  const env = taxi();
  // Row 0, column 0: no north (1), no west (3); the passenger waits elsewhere, so no pick-up (4), no drop-off (5).
  const { info } = env.reset({ options: { state: ((0 * 5 + 0) * 5 + 2) * 4 + 1 } });
  expect([...(info.actionMask ?? [])]).toEqual([1, 0, 1, 0, 0, 0]);
});

test("a table that is none, and a task that is none, are refused by the place of their fault", () => {
  const P = tabulate(2, 1, () => [{ probability: 0.5, next: 0, reward: 0, terminated: false }]);
  expect(() => tabularEnv({ P, start: [1, 0] }, { id: "Half-v0" })).toThrow(
    "Half-v0: chances in P[0][0] must sum to 1, got 0.5.",
  );
  const lost = tabulate(1, 1, () => [{ probability: 1, next: 3, reward: 0, terminated: false }]);
  expect(() => tabularEnv({ P: lost, start: [1] }, { id: "Lost-v0" })).toThrow(
    "Lost-v0: P[0][0] must lead to a state from 0 to 0, got 3.",
  );
  expect(() => frozenLake({ map: ["SF", "F"] })).toThrow("frozenLake: map must be rows of one length");
  expect(() => taxi({ maxEpisodeSteps: 0 })).toThrow("Taxi-v4: maxEpisodeSteps must be 1 or more, got 0.");
  expect(() => bitFlip({ maxEpisodeSteps: Number.NaN })).toThrow("bitFlip: maxEpisodeSteps must be 1 or more, or null");
  expect(() => frozenLake({ map: "5x5" as never })).toThrow(
    'frozenLake: map must be one of 4x4, 8x8, or rows of cells, got "5x5".',
  );
  expect(() => blackjack({ natural: true })).toThrow("blackjack: sab and natural exclude each other, got both.");
});
