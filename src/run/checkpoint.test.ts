import { expect, test } from "vitest";
import {
  type Checkpoint,
  createCheckpointer,
  decodeCheckpoint,
  encodeCheckpoint,
  findCheckpoint,
} from "./checkpoint.ts";
import { CHECKPOINTS } from "./layout.ts";
import { hostPlatform } from "./platform.ts";
import { createRunState } from "./run-state.ts";
import { memoryStore, type Store } from "./store.ts";

const at = (steps: number): Checkpoint => ({
  snapshot: {
    json: { word: "é", nested: [1, null, 0.1] },
    arrays: { a: Float32Array.of(0.1, -0, Number.NaN), b: Uint8Array.of(1, 2, 3), c: Float64Array.of(Math.PI) },
  },
  state: { ...createRunState(), steps },
  trained: { algorithm: "ppo", environment: "CartPole-v1", seed: 0, options: { hidden: [64, 64] } },
});

async function twoSaved(): Promise<Store> {
  const store = memoryStore();
  const { save } = createCheckpointer(store, hostPlatform(), null);
  for (const steps of [10, 20, 30]) await save(at(steps));
  return store;
}

test("a checkpoint comes back as it was, bit for bit", () => {
  expect(decodeCheckpoint(encodeCheckpoint(at(7)))).toEqual(at(7));
});

test("a change of any byte is noticed", () => {
  const bytes = encodeCheckpoint(at(7));
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i] ^= 1;
    expect(() => decodeCheckpoint(damaged), `byte ${i}`).toThrow();
  }
});

test("a checkpoint cut anywhere is noticed", () => {
  const bytes = encodeCheckpoint(at(7));
  for (let length = 0; length < bytes.length; length++)
    expect(() => decodeCheckpoint(bytes.slice(0, length))).toThrow();
});

test("the newest of the two is found, and both hold", async () => {
  const found = await findCheckpoint(await twoSaved());
  expect(found.checkpoint?.state.steps).toBe(30);
  expect(found.file).toBe(CHECKPOINTS[0]); // 10 → 0, 20 → 1, 30 → 0
});

test("a damaged newest gives way to the one before, with a word about it", async () => {
  const store = await twoSaved();
  await store.write(CHECKPOINTS[0], ((await store.read(CHECKPOINTS[0])) ?? new Uint8Array()).slice(0, 100));
  const found = await findCheckpoint(store);
  expect(found.checkpoint?.state.steps).toBe(20);
  expect(found.damage).toHaveLength(1);
  expect(found.damage[0]).toContain("memory/checkpoint/0.safetensors is damaged: ");
});

test("the next checkpoint never overwrites the one that was found", async () => {
  const store = await twoSaved();
  const { file } = await findCheckpoint(store);
  expect(await createCheckpointer(store, hostPlatform(), file).save(at(40))).toBe(CHECKPOINTS[1]);
});

test("where nothing sound is left, the refusal is one line", async () => {
  const store = await twoSaved();
  for (const file of CHECKPOINTS) await store.write(file, Uint8Array.of(1, 2, 3));
  await expect(findCheckpoint(store)).rejects.toThrow(/^resume: no sound checkpoint is left\. [^\n]*$/);
});

test("a run without a checkpoint has none, which is no error", async () => {
  expect(await findCheckpoint(memoryStore())).toEqual({ checkpoint: null, file: null, damage: [] });
});
