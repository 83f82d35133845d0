import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Env, VectorEnv } from "../env/env.ts";
import { type Box, box, type Discrete, discrete } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { createRandom, type Random } from "../math/random.ts";
import { bytesPerRow, createReplay, type Replay, rowKind } from "./replay.ts";
import { createTransitions, type Transitions } from "./transitions.ts";

const smallKernel = () => referenceKernel({ bytes: 2 ** 21 });

/** Numbers its observations, each environment from a number of its own; episodes end by chance, one way or the other. */
function journal(first: number, { masked = false, ending = 0.2 } = {}): Env<Box, Discrete> {
  let random = createRandom(first);
  let count = first;
  const observe = () => Float32Array.of(++count, -count);
  const info = () => (masked ? { actionMask: Uint8Array.of(1, count % 2, count % 3 ? 1 : 0) } : {});
  return {
    id: "Journal",
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [2] }),
    actionSpace: discrete(3),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      return { observation: observe(), info: info() };
    },
    step(action) {
      const chance = random.uniform();
      const [terminated, truncated] = [chance < ending / 2, chance >= ending / 2 && chance < ending];
      return { observation: observe(), reward: random.normal() + action, terminated, truncated, info: info() };
    },
  };
}

function journals(numEnvs: number, options = {}): VectorEnv {
  let made = 0;
  const envs = vectorEnv(() => journal(10_000 * made++, options), numEnvs);
  envs.reset(7);
  return envs;
}

interface Row {
  readonly observation: number[];
  readonly mask: number[];
  step?: { readonly action: number; readonly reward: number; end: "none" | "terminated" | "truncated" };
}

/** What a replay should hold, as lists of the latest rows. */
function createModel(envs: VectorEnv, length: number) {
  const rings: Row[][] = Array.from({ length: envs.numEnvs }, () => []);
  const part = (array: ArrayLike<number>, n: number) => {
    const width = array.length / envs.numEnvs;
    return Array.from(array).slice(n * width, (n + 1) * width);
  };
  const push = (n: number, row: Row) => {
    rings[n].push(row);
    rings[n].splice(0, rings[n].length - length);
  };
  const present = (n: number): Row => ({
    observation: part(envs.observations, n),
    mask: part(envs.actionMasks ?? [], n),
  });
  const last = (n: number): Row => ({
    observation: part(envs.finalObservations, n),
    mask: part(envs.actionMasks ?? [], n).map(() => 1),
  });
  return {
    rings,
    begin: () => rings.forEach((_, n) => void push(n, present(n))),
    cut() {
      rings.forEach((ring, n) => {
        const before = ring.at(-2);
        if (before?.step?.end === "none") before.step.end = "truncated";
        push(n, present(n));
      });
    },
    add(actions: Float32Array) {
      rings.forEach((ring, n) => {
        const end = envs.terminated[n] ? "terminated" : envs.truncated[n] ? "truncated" : "none";
        (ring.at(-1) as Row).step = { action: actions[n], reward: envs.rewards[n], end };
        if (end !== "none") push(n, last(n));
        push(n, present(n));
      });
    },
    size: () => rings.flat().filter(({ step }) => step).length,
    /** Action, reward, discount, successor and masks of the transition from this observation. */
    transition(observation: number[], steps: number, discount: number) {
      const ring = rings.find((rows) => rows.some((row) => row.observation[0] === observation[0])) ?? [];
      const start = ring.findIndex((row) => row.observation[0] === observation[0]);
      const folded: Row[] = [];
      for (const row of ring.slice(start, start + steps)) {
        if (!row.step) break;
        folded.push(row);
        if (row.step.end !== "none") break;
      }
      const next = ring[start + folded.length];
      const reward = folded.reduceRight((sum, { step }) => (step?.reward ?? 0) + discount * sum, 0);
      const worth = folded.at(-1)?.step?.end === "terminated" ? 0 : discount ** folded.length;
      const action = folded[0].step?.action ?? Number.NaN;
      return [action, reward, worth, ...next.observation, ...folded[0].mask, ...next.mask];
    },
  };
}

function stepByChance(envs: VectorEnv, replay: Replay, random: Random): Float32Array {
  const actions = Float32Array.from({ length: envs.numEnvs }, () => random.integer(3));
  envs.step(actions);
  replay.add(envs, actions);
  return actions;
}

/** The first draw that is not what the model says. */
function firstSurprise(batch: Transitions, model: ReturnType<typeof createModel>, steps: number, discount: number) {
  const room = batch.rows.length;
  const part = (array: Float32Array | Uint8Array | null, i: number) => {
    const width = (array?.length ?? 0) / room;
    return Array.from(array?.subarray(i * width, (i + 1) * width) ?? []);
  };
  for (let i = 0; i < batch.size; i++) {
    const drawn = [batch.actions, batch.rewards, batch.discounts, batch.nextObservations, batch.masks, batch.nextMasks];
    const found = drawn.flatMap((array) => part(array, i));
    const observation = part(batch.observations, i);
    const expected = model.transition(observation, steps, discount);
    const isSame = found.length === expected.length && found.every((x, j) => Math.abs(x - expected[j]) < 1e-5);
    if (!isSame) return { observation, found, expected };
  }
  return null;
}

test("what is drawn is what happened: over random episodes, rings that wrap, n steps, masks, cuts and reloads", () => {
  const run = fc.record({
    seed: fc.nat(1000),
    numEnvs: fc.integer({ min: 1, max: 4 }),
    length: fc.integer({ min: 3, max: 40 }),
    steps: fc.integer({ min: 1, max: 5 }),
    discount: fc.constantFrom(0.9, 0.99, 1),
    masked: fc.boolean(),
    ending: fc.constantFrom(0, 0.05, 0.3, 1),
    prioritized: fc.boolean(),
  });
  fc.assert(
    fc.property(run, ({ seed, numEnvs, length, steps, discount, masked, ending, prioritized }) => {
      const random = createRandom(seed);
      const envs = journals(numEnvs, { masked, ending });
      const priorities = prioritized ? { exponent: 0.6, importance: () => 0.4 } : null;
      const options = { capacity: length * numEnvs + random.integer(numEnvs), discount, steps, priorities };
      let replay = createReplay(smallKernel(), envs, options);
      const model = createModel(envs, length);
      const batch = createTransitions(smallKernel(), envs, 16);
      replay.begin(envs);
      model.begin();
      for (let t = 0; t < 120; t++) {
        model.add(stepByChance(envs, replay, random));
        const chance = random.uniform();
        if (chance < 0.1) {
          const saved = replay.save();
          replay = createReplay(smallKernel(), envs, options);
          replay.load(saved);
        }
        if (chance < 0.05) {
          envs.restore(envs.snapshot());
          expect([...envs.truncated]).toEqual(Array(numEnvs).fill(1));
          replay.begin(envs);
          model.cut();
        }
        expect(replay.size).toBe(model.size());
        replay.sample(16, random, batch);
        expect(firstSurprise(batch, model, steps, discount)).toBeNull();
        const errors = Float32Array.from({ length: 16 }, () => random.normal());
        replay.priorities?.update(batch.rows, errors, 16);
      }
    }),
    { numRuns: 30, seed: 1 },
  );
});

test("every transition is as likely, in rings that have wrapped and hold episodes of all lengths", () => {
  const random = createRandom(3);
  const envs = journals(3);
  const replay = createReplay(smallKernel(), envs, { capacity: 60, discount: 0.9 });
  replay.begin(envs);
  for (let t = 0; t < 100; t++) stepByChance(envs, replay, random);
  const batch = createTransitions(smallKernel(), envs, 40_000);
  replay.sample(40_000, random, batch);
  const counts = new Map<number, number>();
  for (const at of batch.rows) counts.set(at, (counts.get(at) ?? 0) + 1);
  expect(counts.size).toBe(replay.size);
  const expected = 40_000 / replay.size;
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // Of k − 1 degrees of freedom: mean k − 1, variance 2 (k − 1).
  const freedom = replay.size - 1;
  expect(Math.abs(chiSquare - freedom)).toBeLessThan(4 * Math.sqrt(2 * freedom));
});

test("a termination is worth nothing, a truncation γⁿ, and both lead to the true last observation", () => {
  for (const ending of ["terminated", "truncated"] as const) {
    let step = 0;
    const observe = () => Float32Array.of(step);
    const env: Env<Box, Discrete> = {
      id: "Three",
      observationSpace: box({ low: 0, high: 3, shape: [1] }),
      actionSpace: discrete(2),
      reset() {
        step = 0;
        return { observation: observe(), info: {} };
      },
      step() {
        step++;
        const ends = { terminated: false, truncated: false, [ending]: step === 3 };
        return { observation: observe(), reward: step, info: {}, ...ends };
      },
    };
    const envs = vectorEnv(() => env, 1);
    const replay = createReplay(smallKernel(), envs, { capacity: 9, discount: 0.5, steps: 2 });
    replay.begin(envs);
    for (let t = 0; t < 4; t++) {
      envs.step(Float32Array.of(0));
      replay.add(envs, Float32Array.of(0));
    }
    // Rows: 0 1 2 (3) 0 (1); those in brackets are no steps.
    const { step: on } = rowKind;
    expect([...replay.columns.kinds]).toEqual([on, on, rowKind[ending], 0, on, 0, 0, 0, 0]);
    const batch = createTransitions(smallKernel(), envs, 200);
    replay.sample(200, createRandom(1), batch);
    const drawn = new Map(
      Array.from(batch.rows, (at, i) => [at, [batch.rewards[i], batch.discounts[i], batch.nextObservations[i]]]),
    );
    const worth = ending === "terminated" ? 0 : 1;
    expect(drawn.get(0)).toEqual([1 + 0.5 * 2, 0.25, 2]);
    expect(drawn.get(1)).toEqual([2 + 0.5 * 3, 0.25 * worth, 3]);
    expect(drawn.get(2)).toEqual([3, 0.5 * worth, 3]);
    expect(drawn.get(4)).toEqual([1, 0.5, 1]);
    expect(drawn.size).toBe(4);
  }
});

test("the memory told per row is what the kernel hands out", () => {
  for (const masked of [false, true]) {
    const envs = journals(2, { masked });
    const kernel = smallKernel();
    const before = kernel.bytesUsed;
    const replay = createReplay(kernel, envs, { capacity: 64 * 100, discount: 0.9 });
    // Two numbers of observation, an action, a reward, a kind; three entries of mask.
    expect(bytesPerRow(envs)).toBe(4 * (2 + 1 + 1) + 1 + (masked ? 3 : 0));
    expect(replay.bytesPerRow).toBe(bytesPerRow(envs));
    expect(replay.capacity).toBe(6400);
    const padding = kernel.bytesUsed - before - 6400 * replay.bytesPerRow;
    expect(padding).toBeGreaterThanOrEqual(0);
    expect(padding).toBeLessThan(64);
  }
});

test("a replay put back draws and goes on as the one that was saved", () => {
  for (const priorities of [null, { exponent: 0.6, importance: () => 0.4 }]) {
    const random = createRandom(5);
    const envs = journals(2);
    const options = { capacity: 50, discount: 0.9, priorities };
    const first = createReplay(smallKernel(), envs, options);
    first.begin(envs);
    for (let t = 0; t < 70; t++) stepByChance(envs, first, random);
    const drawn = createTransitions(smallKernel(), envs, 32);
    first.sample(32, random, drawn);
    first.priorities?.update(drawn.rows, drawn.rewards, 32);

    const second = createReplay(smallKernel(), envs, options);
    second.load(first.save());
    for (let t = 0; t < 40; t++) {
      const actions = stepByChance(envs, first, random);
      second.add(envs, actions);
      const [again, state] = [createTransitions(smallKernel(), envs, 32), random.snapshot()];
      first.sample(32, random, drawn);
      random.restore(state);
      second.sample(32, random, again);
      expect(again).toEqual(drawn);
      first.priorities?.update(drawn.rows, drawn.rewards, 32);
      second.priorities?.update(drawn.rows, drawn.rewards, 32);
    }
    expect(second.save()).toEqual(first.save());
  }
});

test("a snapshot that does not fit is refused; one that has not come round fits a longer ring, in place of what that held", () => {
  const envs = journals(2);
  const filled = (capacity: number, steps: number) => {
    const replay = createReplay(smallKernel(), envs, { capacity, discount: 0.9 });
    replay.begin(envs);
    for (let t = 0; t < steps; t++) stepByChance(envs, replay, createRandom(t));
    return replay.save();
  };
  const empty = (capacity: number, of = envs) => createReplay(smallKernel(), of, { capacity, discount: 0.9 });
  expect(() => empty(20).load({})).toThrow(
    "replay: cannot resume: the snapshot has 0 rings of 0 rows, none in use; these options make 2 of 10.",
  );
  expect(() => empty(40).load(filled(20, 30))).toThrow(
    "2 rings of 10 rows, 10, 10 in use; these options make 2 of 20.",
  );
  expect(() => empty(8).load(filled(40, 5))).toThrow("these options make 2 of 4.");
  expect(() => empty(40, journals(1)).load(filled(40, 5))).toThrow("these options make 1 of 40.");
  expect(() => empty(40, journals(2, { masked: true })).load(filled(40, 5))).toThrow("no numbers of masks");
  const longer = empty(400);
  longer.load(filled(400, 90));
  longer.load(filled(40, 5));
  expect(longer.size).toBe(10);
  const [small, large] = [40, 400].map((capacity) =>
    createReplay(smallKernel(), envs, { capacity, discount: 0.9, priorities: { exponent: 1, importance: () => 1 } }),
  );
  small.begin(envs);
  stepByChance(envs, small, createRandom(1));
  large.begin(envs);
  for (let t = 0; t < 9; t++) stepByChance(envs, large, createRandom(t)); // of which nothing may be left
  large.load(small.save());
  // A transition each, at the beginning of either ring: rows 0 and 20, rows 0 and 200.
  expect([...(large.priorities?.column ?? [])].flatMap((priority, at) => (priority > 0 ? [at] : []))).toEqual([0, 200]);
  const prioritized = { capacity: 40, discount: 0.9, priorities: { exponent: 1, importance: () => 1 } };
  expect(() => createReplay(smallKernel(), envs, prioritized).load(filled(40, 5))).toThrow("no numbers of priorit");
});

test("a ring too short to hold a transition, and an empty replay, are refused", () => {
  const envs = journals(2);
  expect(() => createReplay(smallKernel(), envs, { capacity: 5, discount: 0.9 })).toThrow(
    "createReplay: capacity must be at least 3 rows for each of 2 environments, got 5.",
  );
  expect(() => createReplay(smallKernel(), envs, { capacity: Number.NaN, discount: 0.9 })).toThrow("got NaN");
  const replay = createReplay(smallKernel(), envs, { capacity: 6, discount: 0.9 });
  replay.begin(envs);
  const batch = createTransitions(smallKernel(), envs, 1);
  expect(() => replay.sample(1, createRandom(0), batch)).toThrow("replay: there is nothing to sample yet.");
});
