import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { SavedPolicy } from "../../../deploy/policy-file.ts";
import { parametersHash } from "../../../deploy/policy-file.ts";
import { advance, ladderDefaults } from "../../../recovery/ladder/advance.ts";
import type { LadderEvent } from "../../../recovery/ladder/event.ts";
import { createLadder, type Ladder } from "../../../recovery/ladder/ladder.ts";
import { encodeLadder } from "../../../recovery/ladder/ladder-text.ts";
import { stateFolder } from "./state-folder.ts";

const fresh = async () => join(await mkdtemp(join(tmpdir(), "belay-state-")), "planner");
const rules = { ...ladderDefaults, test: { lowest: 0, highest: 1 } };
const after = (ladder: Ladder | null, event: LadderEvent) => advance(ladder ?? createLadder(), event, rules).ladder;
const candidate = (ladder: Ladder | null) => after(ladder, { kind: "candidate", time: 1, policyHash: "c0ffee" });
const touched = (ladder: Ladder | null) => ({ ...candidate(ladder), version: (ladder?.version ?? 0) + 1 });

test("a folder keeps what was changed last, and nothing else", async () => {
  const path = await fresh();
  const store = stateFolder(path);
  expect(await store.read()).toBeNull();
  expect(existsSync(path)).toBe(false);
  const ladder = await store.update(candidate);
  expect(ladder.policyHash).toBe("c0ffee");
  expect(await stateFolder(path).read()).toEqual(ladder);
  expect(await readdir(path)).toEqual(["ladder.json"]);
});

test("a change that changes nothing writes nothing, and one that throws leaves no lock", async () => {
  const path = await fresh();
  const store = stateFolder(path);
  await store.update(candidate);
  const before = await readFile(join(path, "ladder.json"), "utf8");
  await store.update((ladder) => ladder!);
  const refusing = () => {
    throw new TypeError("no");
  };
  await expect(store.update(refusing)).rejects.toThrow("no");
  expect(await readFile(join(path, "ladder.json"), "utf8")).toBe(before);
  expect(await readdir(path)).toEqual(["ladder.json"]);
});

test("changes at once all happen, one after the other", async () => {
  const path = await fresh();
  await Promise.all(Array.from({ length: 20 }, () => stateFolder(path).update(touched)));
  expect((await stateFolder(path).read())?.version).toBe(20);
});

test("a damaged ladder is put aside, told, and followed by one that trusts nobody", async () => {
  for (const damage of ["", `{"format":"belay-lad`, "read", "update"]) {
    const path = await fresh();
    const whole = encodeLadder({ ...candidate(null), mode: "on" });
    const damaged = damage.length > 6 || damage === "" ? damage : whole.replace(`"mode":"on"`, `"mode":"canary"`);
    await stateFolder(path).update(candidate);
    await writeFile(join(path, "ladder.json"), damaged);
    const told: string[] = [];
    const store = stateFolder(path, { onDamage: ({ message }) => told.push(message) });
    const ladder = damage === "update" ? await store.update((now) => now!) : await store.read();
    expect(ladder).toMatchObject({ mode: "observe", policyHash: null });
    const [aside] = (await readdir(path)).filter((name) => name.startsWith("ladder.damaged-"));
    expect(await readFile(join(path, aside), "utf8")).toBe(damaged);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^stateFolder: decodeLadder: .+ It is kept as .+, and the runbook decides\.$/);
    expect(ladder?.history[0].reason).toBe(`the ladder was damaged, and is kept as ${join(path, aside)}`);
    expect(await stateFolder(path).read()).toEqual(ladder);
  }
});

test.runIf(existsSync("/dev/full"))(
  "a full disk leaves the old ladder, and the next change finds the way free",
  async () => {
    const path = await fresh();
    await stateFolder(path).update(touched);
    await symlink("/dev/full", join(path, "ladder.json.partial"));
    await expect(stateFolder(path).update(touched)).rejects.toMatchObject({
      fault: "full",
      message: `stateFolder: cannot change ${join(path, "ladder.json")}: the disk is full; what was written before is intact.`,
    });
    expect((await stateFolder(path).read())?.version).toBe(1);
    expect((await stateFolder(path).update(touched)).version).toBe(2);
  },
);

test("a newer version's ladder is refused and left alone", async () => {
  const path = await fresh();
  await stateFolder(path).update(candidate);
  const newer = `{"format":"belay-ladder/2"}`;
  await writeFile(join(path, "ladder.json"), newer);
  const message = `this version of belay-rl reads belay-ladder/1, got "belay-ladder/2".`;
  await expect(stateFolder(path).read()).rejects.toThrow(message);
  await expect(stateFolder(path).update(candidate)).rejects.toThrow(message);
  expect(await readFile(join(path, "ladder.json"), "utf8")).toBe(newer);
});

test("a lock that nobody gives back is taken, at once where its process is known to be dead", async () => {
  const path = await fresh();
  await stateFolder(path).update(touched);
  const lock = join(path, "ladder.lock");
  await writeFile(lock, JSON.stringify({ pid: 1234, host: "elsewhere", started: 0 }));
  expect((await stateFolder(path, { patienceMs: 50 }).update(touched)).version).toBe(2);
  await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: 1 })); // a restart with the same number
  expect((await stateFolder(path).update(touched)).version).toBe(3);
  expect(await readdir(path)).toEqual(["ladder.json"]);
});

test("how old a lock looks, by a clock that may have been set, says nothing: a living process keeps it", async () => {
  const path = await fresh();
  const store = stateFolder(path);
  await store.update(touched);
  const lock = join(path, "ladder.lock");
  await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname(), started: 0 }));
  await utimes(lock, 0, 0);
  const update = store.update(touched);
  await setTimeout(100);
  expect((await store.read())?.version).toBe(1);
  await rm(lock);
  expect((await update).version).toBe(2);
});

test("a watcher hears of a change by another", async () => {
  const path = await fresh();
  await stateFolder(path).update(touched);
  let unwatch = () => {};
  const heard = new Promise<void>((resolve) => {
    unwatch = stateFolder(path, { pollMs: 10 }).watch(resolve);
  });
  await stateFolder(path).update(touched);
  await heard;
  unwatch();
});

const weights = Float32Array.of(0.5, -0.25);
const policy: SavedPolicy = {
  observationSpace: { kind: "box", shape: [1], low: Float32Array.of(-1), high: Float32Array.of(1) },
  actionSpace: { kind: "discrete", n: 2, start: 0 },
  distribution: "categorical",
  layers: [{ inputs: 1, outputs: 2, activation: "identity", weights, bias: new Float32Array(2) }],
  logStd: null,
  normalization: null,
  training: {
    algorithm: "reinforce",
    environment: "RecoveryBench-0",
    seed: 1,
    steps: 10,
    options: {},
    version: "0.1.0",
    parametersHash: parametersHash(weights),
  },
};

test("a policy is kept under its hash, and a missing or damaged one is told", async () => {
  const path = await fresh();
  const store = stateFolder(path);
  const hash = await store.savePolicy(policy);
  expect(hash).toBe(policy.training.parametersHash);
  expect((await store.loadPolicy(hash)).layers).toEqual(policy.layers);
  expect(await readdir(path)).toEqual([`policy-${hash}.safetensors`]);
  await expect(store.loadPolicy("c0ffee")).rejects.toMatchObject({
    fault: "missing",
    message: `stateFolder: there is no policy c0ffee in ${path}.`,
  });
  await expect(store.loadPolicy("../etc/passwd")).rejects.toThrow(
    `stateFolder: a policy's hash must be letters and digits, got "../etc/passwd".`,
  );
  const file = join(path, `policy-${hash}.safetensors`);
  const bytes = await readFile(file);
  await writeFile(join(path, "policy-decaf.safetensors"), bytes);
  await expect(store.loadPolicy("decaf")).rejects.toThrow(
    `cannot load policy decaf from ${path}: the file holds policy ${hash}.`,
  );
  bytes[bytes.length - 1] ^= 1;
  await writeFile(file, bytes);
  await expect(store.loadPolicy(hash)).rejects.toThrow("the file does not match its sha256");
  await writeFile(file, bytes.subarray(0, 20));
  await expect(store.loadPolicy(hash)).rejects.toThrow("not a sound safetensors file");
});
