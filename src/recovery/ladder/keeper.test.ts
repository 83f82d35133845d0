import { expect, test } from "vitest";
import { type LadderRules, ladderDefaults } from "./advance.ts";
import { createKeeper, type KeeperOptions } from "./keeper.ts";
import type { Ladder } from "./ladder.ts";
import { memoryState } from "./memory-state.ts";
import type { StateStore } from "./state-store.ts";

const rules: LadderRules = { ...ladderDefaults, test: { lowest: -2, highest: 1 } };

/** A clock whose timers go off when a test says so. */
function testClock() {
  const timers = new Set<() => void>();
  return {
    wall: () => 1000,
    after(_: number, callback: () => void) {
      timers.add(callback);
      return () => void timers.delete(callback);
    },
    pass() {
      for (const timer of [...timers]) timer();
      timers.clear();
    },
    timers,
  };
}

const keeperOf = (store: StateStore, options: Partial<KeeperOptions> = {}) =>
  createKeeper({ store, rules, clock: testClock(), ...options });

/** A store in which a policy is in canary. */
async function inCanary(): Promise<StateStore> {
  const store = memoryState();
  const keeper = keeperOf(store);
  await keeper.apply({ kind: "candidate", policyHash: "c0ffee" });
  await keeper.apply({ kind: "promote", to: "canary", canaryShare: 0.1, force: "a test" });
  await keeper.close();
  return store;
}

test("episodes of several processes all count, whenever each tells them", async () => {
  const store = await inCanary();
  const keepers = [keeperOf(store), keeperOf(store), keeperOf(store)];
  await Promise.all(keepers.map(({ ready }) => ready));
  for (let i = 0; i < 130; i++) {
    for (const keeper of keepers) keeper.episodeEnded(i % 2 ? "policy" : "baseline", 0.5, keeper.ladder.since);
  }
  await Promise.all(keepers.map((keeper) => keeper.close()));
  expect(await store.read()).toMatchObject({
    episodes: 390,
    test: { policy: { count: 195, sum: 97.5 }, baseline: { count: 195, sum: 97.5 } },
  });
});

test("they are told by the batch, or when time is up", async () => {
  const store = await inCanary();
  const before = (await store.read())!.version;
  const clock = testClock();
  const keeper = keeperOf(store, { clock, batchEpisodes: 10 });
  await keeper.ready;
  for (let i = 0; i < 25; i++) {
    keeper.episodeEnded("policy", 0, keeper.ladder.since);
    await new Promise(setImmediate);
  }
  expect(await store.read()).toMatchObject({ version: before + 2, episodes: 20 });
  clock.pass();
  await new Promise(setImmediate);
  expect(await store.read()).toMatchObject({ version: before + 3, episodes: 25 });
  await keeper.close();
  expect((await store.read())?.version).toBe(before + 3);
  expect(clock.timers.size).toBe(0);
});

test("what one process changes the others hear of", async () => {
  const store = await inCanary();
  const heard: Ladder[] = [];
  const [one, other] = [keeperOf(store), keeperOf(store, { onChange: (ladder) => heard.push(ladder) })];
  expect(other.ladder.mode).toBe("observe");
  await Promise.all([one.ready, other.ready]);
  expect(other.ladder.mode).toBe("canary");
  await one.apply({ kind: "drift", detail: "d" });
  await new Promise(setImmediate);
  expect(other.ladder.mode).toBe("shadow");
  expect(heard.map(({ mode }) => mode)).toEqual(["canary", "shadow"]);
});

test("a store that refuses loses no episode, is told of once, and leaves the runbook in charge at the start", async () => {
  const store = await inCanary();
  let refuses = true;
  const refusing = async () => {
    if (refuses) throw new Error("the disk is full");
  };
  const moody: StateStore = {
    ...store,
    read: () => refusing().then(store.read),
    update: (change) => refusing().then(() => store.update(change)),
  };
  const errors: unknown[] = [];
  const keeper = keeperOf(moody, { onError: (error) => errors.push(error) });
  await keeper.ready;
  expect(keeper.ladder.mode).toBe("observe");
  refuses = false;
  await store.update((ladder) => ({ ...ladder!, version: ladder!.version + 1 }));
  await new Promise(setImmediate);
  expect(keeper.ladder.mode).toBe("canary");
  refuses = true;
  keeper.episodeEnded("policy", 1, keeper.ladder.since);
  await keeper.flush();
  keeper.episodeEnded("baseline", 0.25, keeper.ladder.since);
  await keeper.flush();
  expect(errors.map(String)).toEqual(["Error: the disk is full", "Error: the disk is full"]);
  refuses = false;
  await keeper.close();
  expect(await store.read()).toMatchObject({
    test: { policy: { count: 1, sum: 1 }, baseline: { count: 1, sum: 0.25 } },
  });
});

test("an episode that is worse than the test knows counts as the worst, and one that is no number not as a return", async () => {
  const store = await inCanary();
  const keeper = keeperOf(store);
  await keeper.ready;
  keeper.episodeEnded("policy", -50, keeper.ladder.since);
  keeper.episodeEnded("policy", Number.NaN, keeper.ladder.since);
  await keeper.close();
  expect(await store.read()).toMatchObject({ episodes: 2, test: { policy: { count: 1, sum: -2 } } });
});

test("fallbacks by several processes send a policy back", async () => {
  const store = await inCanary();
  const keepers = [keeperOf(store), keeperOf(store)];
  await Promise.all(keepers.map(({ ready }) => ready));
  for (const keeper of keepers) {
    for (let i = 0; i < 5; i++) keeper.fellBack();
    await keeper.flush();
  }
  await new Promise(setImmediate);
  expect(keepers.map(({ ladder }) => ladder.mode)).toEqual(["shadow", "shadow"]);
});

test("a listener that throws is told of, and what was changed stays changed", async () => {
  const errors: unknown[] = [];
  const keeper = keeperOf(await inCanary(), {
    onChange() {
      throw new Error("not now");
    },
    onError: (error) => errors.push(error),
  });
  expect(await keeper.apply({ kind: "kill", reason: "an outage" })).toMatchObject({ kind: "moved", to: "observe" });
  expect(errors.map(String)).toEqual(["Error: not now", "Error: not now"]);
});
