import { expect, test } from "vitest";
import type { Report } from "../src/algorithm/algorithm.ts";
import { ppo } from "../src/algorithm/ppo.ts";
import { algorithms } from "../src/algorithm/registry.ts";
import { load } from "../src/deploy/load.ts";
import type { Env } from "../src/env/env.ts";
import { make } from "../src/env/registry.ts";
import type { Space } from "../src/env/space.ts";
import { decodeCheckpoint } from "../src/run/checkpoint.ts";
import { evaluate } from "../src/run/evaluate.ts";
import type { RunEvent, RunResult } from "../src/run/event.ts";
import { readEvents } from "../src/run/event-log.ts";
import { CHECKPOINTS } from "../src/run/layout.ts";
import { hostPlatform } from "../src/run/platform.ts";
import { resume, run } from "../src/run/run.ts";
import { evaluationSeeds } from "../src/run/scene.ts";
import { memoryStore, type Store, StoreError } from "../src/run/store.ts";
import { train } from "../src/run/train.ts";

const cartPole = () => make("CartPole-v1");
const small = { seed: 1, totalSteps: 1024, numEnvs: 4, horizon: 32, epochs: 2, batchSize: 64, hidden: [8] };
const quick = { every: 256, episodes: 2, finalEpisodes: 3 };
const platform = hostPlatform();

interface Ended {
  readonly events: RunEvent[];
  readonly result: RunResult;
}

async function drained(running: AsyncGenerator<RunEvent, RunResult, void>): Promise<Ended> {
  const events: RunEvent[] = [];
  let next = await running.next();
  for (; !next.done; next = await running.next()) events.push(next.value);
  return { events, result: next.value };
}

const task = { algorithm: algorithms.ppo, makeEnv: cartPole };
const begin = (store: Store, options: object = small, signal?: { aborted: boolean }) =>
  drained(run({ ...task, options, evaluation: quick }, { store, platform, signal }));

const hashOf = ({ result }: Ended) => (result.kind === "finished" ? result.parametersHash : null);

test("train gives a policy that acts, with its record and its history", async () => {
  const { policy, evaluation, history, steps } = await train(ppo, cartPole, small, { evaluation: quick });
  const action: number = policy.act(new Float32Array(4));
  expect([0, 1]).toContain(action);
  expect(policy.training).toMatchObject({ algorithm: "ppo", environment: "CartPole-v1", seed: 1, steps: 1024 });
  expect(evaluation.episodes).toBe(3);
  expect(steps).toBe(1024);
  expect(history.map((event) => event.kind)).toContain("iteration");
});

test("a run leaves its files, and tells what it wrote", async () => {
  const store = memoryStore();
  const { events } = await begin(store);
  expect(await store.list()).toEqual([
    "best.safetensors",
    "checkpoint",
    "config.json",
    "events.jsonl",
    "events.out.tfevents.0.belay",
    "policy.safetensors",
    "report.html",
  ]);
  expect(await readEvents(store)).toEqual(events);
  expect(events[0]).toMatchObject({ kind: "started", algorithm: "ppo", environment: "CartPole-v1", seed: 1 });
  expect(events.filter(({ kind }) => kind === "evaluation").map(({ steps }) => steps)).toEqual([256, 512, 768, 1024]);
  expect(events.at(-1)).toMatchObject({ kind: "finished", steps: 1024, evaluation: { episodes: 3 } });
});

test("no checkpoint is written before the log tells of its iteration", async () => {
  const store = memoryStore();
  const told: [checkpoint: number, log: number | undefined][] = [];
  const watched: Store = {
    ...store,
    async write(name, contents) {
      if (name.startsWith("checkpoint/") && typeof contents !== "string") {
        const log = (await readEvents(store)).filter(({ kind }) => kind === "iteration");
        told.push([decodeCheckpoint(contents).state.steps, log.at(-1)?.steps]);
      }
      await store.write(name, contents);
    },
  };
  await begin(watched);
  expect(told.length).toBeGreaterThan(2);
  expect(told.map(([, log]) => log)).toEqual(told.map(([checkpoint]) => checkpoint));
});

test("same seed, same hash; how often a policy is watched changes nothing; another seed, another hash", async () => {
  const first = hashOf(await begin(memoryStore()));
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(await begin(memoryStore()))).toBe(first);
  const { parametersHash } = await train(ppo, cartPole, small, {
    evaluation: { every: 100, episodes: 1, finalEpisodes: 1 },
  });
  expect(parametersHash).toBe(first);
  expect(hashOf(await begin(memoryStore(), { ...small, seed: 2 }))).not.toBe(first);
});

test("best.safetensors is the policy of the best evaluation", async () => {
  const store = memoryStore();
  const { events, result } = await begin(store);
  if (result.kind !== "finished" || !result.best) throw new Error("no best policy");
  const means = events.flatMap((event) => (event.kind === "evaluation" ? [event.evaluation.mean] : []));
  expect(result.best.mean).toBe(Math.max(...means));
  const policy = load((await store.read("best.safetensors")) ?? new Uint8Array(), cartPole());
  expect(policy.training.steps).toBe(result.best.steps);
  expect(evaluate(policy, cartPole, { episodes: 2, seed: evaluationSeeds(1).during }).mean).toBe(result.best.mean);
});

test("an interrupted run says so, and ends with the same bytes when it is resumed", async () => {
  const store = memoryStore();
  const signal = { aborted: false };
  const running = run({ ...task, options: small, evaluation: quick }, { store, platform, signal });
  for (let told = 0; told < 4; told++) await running.next();
  signal.aborted = true;
  const { result } = await drained(running);
  expect(result.kind).toBe("interrupted");
  expect(result.steps).toBeLessThan(1024);
  const resumed = await drained(resume(() => task, { store, platform }));
  expect(resumed.events[0]).toMatchObject({ kind: "resumed", steps: result.steps });
  expect(hashOf(resumed)).toBe(hashOf(await begin(memoryStore())));
});

test("to resume a finished run repeats its last word and trains nothing", async () => {
  const store = memoryStore();
  const { result } = await begin(store);
  expect(await drained(resume(() => task, { store, platform }))).toEqual({ events: [result], result });
});

test("a finished run tells its result without a lock and without a sound checkpoint", async () => {
  const store = memoryStore();
  const { result } = await begin(store);
  const locked: Store = {
    ...store,
    async lock() {
      throw new StoreError("not-writable", "the file system is read-only");
    },
  };
  expect((await drained(resume(() => task, { store: locked, platform }))).result).toEqual(result);
  for (const name of CHECKPOINTS) await store.write(name, Uint8Array.of(1, 2, 3));
  expect(await drained(resume(() => task, { store, platform }))).toEqual({ events: [result], result });
});

test("a finished run whose policy file is gone gets it back, byte for byte", async () => {
  const store = memoryStore();
  await begin(store);
  const policy = await store.read("policy.safetensors");
  const finished = (await store.readText("events.jsonl")) ?? "";
  const unfinished = finished.slice(0, finished.trimEnd().lastIndexOf("\n") + 1);
  for (const log of [finished, unfinished]) {
    const robbed = memoryStore();
    await robbed.write("events.jsonl", log);
    await robbed.write("config.json", (await store.readText("config.json")) ?? "");
    for (const name of CHECKPOINTS) await robbed.write(name, (await store.read(name)) ?? new Uint8Array());
    const { result } = await drained(resume(() => task, { store: robbed, platform }));
    expect(result.kind).toBe("finished");
    expect(await robbed.read("policy.safetensors")).toEqual(policy);
  }
});

test("a config that was changed since it was trained with is refused, and the changes are named", async () => {
  const store = memoryStore();
  await begin(store);
  const config = JSON.parse((await store.readText("config.json")) ?? "");
  await store.write(
    "config.json",
    JSON.stringify({ ...config, options: { ...config.options, epochs: 3, batchSize: "64" } }),
  );
  await expect(drained(resume(() => task, { store, platform }))).rejects.toMatchObject({
    fault: "changed",
    message:
      "resume: memory/config.json was changed since the run was trained with it: epochs was 2, is 3, " +
      'batchSize was 64, is "64". Put it back, or begin a new run.',
  });
  const { evaluation, ...rest } = config;
  await store.write("config.json", JSON.stringify({ ...rest, evaluation }));
  expect((await drained(resume(() => task, { store, platform }))).result.kind).toBe("finished");
});

test("someone who asks to stop before the first step is heard, and the run goes on from its start", async () => {
  const store = memoryStore();
  const { events, result } = await begin(store, small, { aborted: true });
  expect(result).toMatchObject({ kind: "interrupted", steps: 0 });
  expect(events.map(({ kind }) => kind)).toEqual(["started", "interrupted"]);
  expect(hashOf(await drained(resume(() => task, { store, platform })))).toBe(hashOf(await begin(memoryStore())));
});

test("a place takes one run at a time, and is free when that ends, in whatever way", async () => {
  const store = memoryStore();
  const first = run({ ...task, options: small, evaluation: quick }, { store, platform });
  await first.next();
  await expect(drained(resume(() => task, { store, platform }))).rejects.toMatchObject({ fault: "busy" });
  await first.return(undefined as never);
  expect(hashOf(await drained(resume(() => task, { store, platform })))).toMatch(/^[0-9a-f]{64}$/);
});

test("what cannot be prepared fails in preparing, and leaves nothing behind", async () => {
  const mute = () => {
    const env = failingAfter(cartPole(), () => false);
    return {
      ...env,
      reset() {
        throw new Error("the pole is stuck");
      },
    };
  };
  for (const [makeEnv, options, message] of [
    [cartPole, { seed: 2 ** 53 - 1 }, /^ppo on CartPole-v1 failed in preparing: /],
    [
      cartPole,
      { horizon: 100_000_000 },
      /^ppo on CartPole-v1 failed in preparing: experience and networks need .* wasmKernel: bytes must lie/,
    ],
    [mute, {}, /^ppo on CartPole-v1 failed in preparing: .*the pole is stuck/],
  ] as const) {
    const store = memoryStore();
    const running = run(
      { ...task, makeEnv, options: { ...small, ...options }, evaluation: quick },
      { store, platform },
    );
    await expect(drained(running)).rejects.toMatchObject({
      stage: "preparing",
      message: expect.stringMatching(message),
    });
    expect(await store.list()).toEqual([]);
  }
});

test("a store that refuses while a run is prepared is named, and what it took is withdrawn if it can be", async () => {
  const full = new StoreError("full", "the disk is full");
  const refuse = async () => {
    throw full;
  };
  for (const refusing of [{ append: refuse }, { append: refuse, withdraw: refuse }] as const) {
    const store = memoryStore();
    await expect(begin({ ...store, ...refusing })).rejects.toBe(full);
    expect(await store.list()).toEqual("withdraw" in refusing ? ["config.json"] : []);
  }
  const store = memoryStore();
  const late: Store = {
    ...store,
    append: (name, contents) =>
      contents.includes("inexact-resume" as never) ? refuse() : store.append(name, contents),
  };
  const { snapshot, ...inexact } = cartPole();
  const running = run(
    { ...task, makeEnv: () => inexact, options: small, evaluation: quick },
    { store: late, platform },
  );
  await expect(drained(running)).rejects.toMatchObject({ stage: "preparing", cause: full });
  expect(await store.list()).toEqual([]);
});

test("a place that holds a run or other things is refused, and one without a run cannot be resumed", async () => {
  const store = memoryStore();
  await expect(drained(resume(() => task, { store, platform }))).rejects.toMatchObject({ fault: "missing" });
  await store.write("thesis.pdf", "");
  await expect(begin(store)).rejects.toThrow(
    "run: memory holds other files (thesis.pdf): choose a new or empty place.",
  );
  await store.write("config.json", "{");
  await expect(begin(store)).rejects.toMatchObject({ name: "StoreError", fault: "occupied" });
  await expect(drained(resume(() => task, { store, platform }))).rejects.toThrow(
    "readConfig: memory/config.json is not",
  );
});

test("an environment that throws ends the run in one clear line, and the last good checkpoint is kept", async () => {
  const store = memoryStore();
  let steps = 0;
  const makeEnv = () => failingAfter(cartPole(), () => ++steps > 500);
  const algorithm = algorithms.ppo;
  const running = run({ algorithm, makeEnv, options: small, evaluation: quick }, { store, platform });
  await expect(drained(running)).rejects.toThrow(
    /^ppo on CartPole-v1 failed in training after step \d+: .*the cart caught fire$/,
  );
  expect((await readEvents(store)).at(-1)).toMatchObject({
    kind: "failed",
    stage: "training",
    message: expect.stringContaining("caught fire"),
  });
  steps = Number.NEGATIVE_INFINITY;
  const mended = await drained(resume(() => ({ algorithm, makeEnv }), { store, platform }));
  expect(hashOf(mended)).toBe(hashOf(await begin(memoryStore())));
});

test("numbers that are not finite never replace a good checkpoint", async () => {
  for (const [spoil, message] of [
    [(report: Report) => ({ ...report, metrics: { kl: Number.NaN } }), "the algorithm reported kl = NaN at step 512"],
    [(report: Report) => ({ ...report, policy: poisoned(report.policy) }), "parameter 3 of"],
  ] as const) {
    const store = memoryStore();
    const algorithm = { ...algorithms.ppo, run: spoiledAt(512, spoil) };
    const running = run({ ...task, algorithm, options: small, evaluation: quick }, { store, platform });
    await expect(drained(running)).rejects.toThrow(message);
    const { events, result } = await drained(resume(() => task, { store, platform }));
    expect(events[0].kind).toBe("resumed");
    expect(events[0].steps).toBeGreaterThan(0);
    expect(hashOf({ events, result })).toBe(hashOf(await begin(memoryStore())));
  }
});

test("a disk that fills up stops the run with that word, and nothing is lost once there is room", async () => {
  const store = memoryStore();
  let room = true;
  const full: Store = {
    ...store,
    async write(name, contents) {
      if (!room) throw new StoreError("full", "the disk is full; what was written before is intact.");
      await store.write(name, contents);
    },
  };
  const running = run({ ...task, options: small, evaluation: quick }, { store: full, platform });
  const failure = (async () => {
    for await (const event of running) if (event.kind === "checkpoint" && event.steps >= 512) room = false;
  })();
  await expect(failure).rejects.toThrow(/^ppo on CartPole-v1 failed in writing after step \d+: the disk is full/);
  room = true;
  expect(hashOf(await drained(resume(() => task, { store, platform })))).toBe(hashOf(await begin(memoryStore())));
});

test("an environment that cannot be restored is said to be so at the start", async () => {
  const { snapshot: _, restore: __, vectorize: ___, ...forgetful } = cartPole();
  const { history } = await train(
    ppo,
    () => forgetful,
    { ...small, totalSteps: 128, numEnvs: 1, horizon: 128 },
    { evaluation: quick },
  );
  expect(history[1]).toMatchObject({ kind: "warning", warning: { name: "inexact-resume" } });
});

/** Without the fast path, so that each step passes here. */
function failingAfter<O extends Space, A extends Space>(env: Env<O, A>, due: () => boolean): Env<O, A> {
  const { vectorize: _, ...single } = env;
  return {
    ...single,
    step(action) {
      if (due()) throw new Error("the cart caught fire");
      return env.step(action);
    },
  };
}

function spoiledAt(steps: number, spoil: (report: Report) => Report): typeof algorithms.ppo.run {
  return async function* (makeEnv, options, session) {
    for await (const report of algorithms.ppo.run(makeEnv, options, session)) {
      yield (report.steps === steps ? spoil(report as unknown as Report) : report) as typeof report;
    }
  };
}

function poisoned(policy: Report["policy"]): Report["policy"] {
  const parameters = policy.parameters.slice();
  parameters[3] = Number.POSITIVE_INFINITY;
  return { ...policy, parameters };
}

test("an option the algorithm does not have is refused, by the compiler too", async () => {
  // @ts-expect-error: it is called clipRange
  await expect(train(ppo, cartPole, { clipRage: 0.1 })).rejects.toThrow("clipRage");
});
