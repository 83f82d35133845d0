import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type A3cConfig,
  a2c,
  a3c,
  discrete,
  type Env,
  make,
  NonFiniteError,
  type Report,
  referenceKernel,
  type Session,
  type Snapshot,
  timeLimit,
  train,
  type WorkerHost,
  type WorkerThread,
  wasmKernel,
} from "belay-rl";
import { parametersHash } from "belay-rl/deploy";
import { nodeWorkerHost } from "belay-rl/node";
import { afterAll, describe, expect, test } from "vitest";
import { workerScript } from "./worker-script.ts";

const script = workerScript();
const folder = mkdtempSync(join(tmpdir(), "belay-a3c-"));
afterAll(() => rmSync(folder, { recursive: true }));

const cartPole = () => make("CartPole-v1");
const small = { totalSteps: 3000, reportSteps: 500, hidden: [8], seed: 4 };
const workerHost = nodeWorkerHost({ script });

async function all(makeEnv: () => Env, options: Partial<A3cConfig>, session: Session): Promise<Report[]> {
  const reports: Report[] = [];
  // @ts-expect-error any environment: what does not fit is refused as it starts
  for await (const report of a3c(makeEnv, { ...small, ...options }, session)) reports.push(report);
  return reports;
}

const hashAtEnd = (reports: readonly Report[]) => parametersHash(reports.at(-1)!.policy.parameters);

/** The same threads, within reach of those who would kill them. */
function watched(host: WorkerHost): WorkerHost & { readonly threads: WorkerThread[] } {
  const threads: WorkerThread[] = [];
  return {
    ...host,
    threads,
    spawn() {
      threads.push(host.spawn());
      return threads[threads.length - 1];
    },
  };
}

/** A module whose environment pays 1 for action 1, one step an episode; `flaw` stands where a step begins. */
function lever(flaw = "", id = "Lever-v0"): { makeEnv: () => Env; environmentModule: URL } {
  const source = `
    let taken = 0;
    export function make() {
      const space = (n) => ({ kind: "discrete", n, start: 0 });
      return {
        id: "${id}",
        observationSpace: space(2),
        actionSpace: space(2),
        reset: () => ({ observation: 0, info: {} }),
        step(action) {
          taken++;
          ${flaw}
          return { observation: 1, reward: action, terminated: true, truncated: false, info: {} };
        },
        snapshot: () => null,
        restore() {},
      };
    }`;
  const path = join(folder, `lever-${leversMade++}.mjs`);
  writeFileSync(path, source);
  const makeEnv = (): Env => ({
    id: "Lever-v0",
    observationSpace: discrete(2),
    actionSpace: discrete(2),
    reset: () => ({ observation: 0, info: {} }),
    step: (action) => ({ observation: 1, reward: Number(action), terminated: true, truncated: false, info: {} }),
  });
  return { makeEnv, environmentModule: pathToFileURL(path) };
}
let leversMade = 0;

describe("one worker", () => {
  test.each([wasmKernel, referenceKernel])(
    "is A2C in one environment, byte for byte, in either kernel",
    async (makeKernel) => {
      const options = { totalSteps: 1000, numEnvs: 1, learningRate: 1e-3, learningRateSchedule: "linear" } as const;
      const alike = { entropyCoefficient: 0.01, maxGradientNorm: 0.5 };
      let synchronous = "";
      for await (const { policy } of a2c(
        cartPole,
        { ...options, ...alike, hidden: [8], seed: 4 },
        { kernel: makeKernel },
      )) {
        synchronous = parametersHash(policy.parameters);
      }
      expect(hashAtEnd(await all(cartPole, { ...options, ...alike, workers: 1 }, { kernel: makeKernel }))).toBe(
        synchronous,
      );
    },
  );

  test("takes the steps that it is asked for, though the last report comes early", async () => {
    const reports = await all(cartPole, { workers: 1, totalSteps: 1212, reportSteps: 500 }, {});
    expect(reports.map(({ steps }) => steps)).toEqual([500, 1000, 1210]);
    expect(new Set(reports.map(({ totalSteps }) => totalSteps))).toEqual(new Set([1210]));
    const longer = await all(cartPole, { workers: 1, totalSteps: 2000 }, { resume: reports[2].snapshot() });
    expect(longer.map(({ steps }) => steps)).toEqual([1710, 2000]);
  });

  test("says and ends with the same, in this thread and in one of its own", async () => {
    const told = (reports: Report[]) => [
      hashAtEnd(reports),
      reports.map(({ metrics, episodes }) => [metrics, episodes]),
    ];
    const here = told(await all(cartPole, { workers: 1 }, {}));
    expect(told(await all(cartPole, { workers: 1 }, { workerHost }))).toEqual(here);
    expect(told(await all(cartPole, { workers: 1 }, { workerHost }))).toEqual(here);
    const plain = told(await all(cartPole, { workers: 1 }, { kernel: referenceKernel }));
    expect(told(await all(cartPole, { workers: 1 }, { workerHost, kernel: referenceKernel }))).toEqual(plain);
    expect(plain[0]).not.toBe(here[0]);
  });

  test("in a thread, resumes to the bytes it would have had", async () => {
    const snapshots: Snapshot[] = [];
    const reports: Report[] = [];
    for await (const report of a3c(cartPole, { ...small, workers: 1 }, { workerHost })) {
      const { json, arrays } = report.snapshot();
      snapshots.push({ json: JSON.parse(JSON.stringify(json)), arrays });
      reports.push(report);
    }
    const resumed = await all(cartPole, { workers: 1 }, { workerHost, resume: snapshots[2] });
    expect(resumed.map(({ steps }) => steps)).toEqual([2000, 2500, 3000]);
    expect(resumed.map(({ episodes }) => episodes)).toEqual(reports.slice(3).map(({ episodes }) => episodes));
    expect(hashAtEnd(resumed)).toBe(hashAtEnd(reports));
  });
});

describe("two workers", () => {
  test("take the steps they were asked for and no more, learn from each other's, and share all of them", async () => {
    const { makeEnv, environmentModule } = lever();
    const host = nodeWorkerHost({ script, environmentModule });
    const reports = await all(makeEnv, { workers: 2, totalSteps: 20_000, reportSteps: 2000 }, { workerHost: host });
    expect(reports.map(({ steps }) => steps)).toEqual(Array.from({ length: 10 }, (_, i) => 2000 * (i + 1)));
    for (const { episodes } of reports) expect(episodes).toHaveLength(2000);
    expect(new Set(reports.flatMap(({ episodes }) => episodes.map(({ index }) => index)))).toEqual(new Set([0, 1]));
    const last = reports.at(-1)!.episodes;
    expect(last.filter((episode) => episode.return === 1).length).toBeGreaterThan(1800);
    expect(reports.at(-1)!.metrics.learningRate).toBeLessThan(reports[0].metrics.learningRate! / 5);
  });

  test("of two environments each are told apart, and averages count each update once", async () => {
    const { makeEnv, environmentModule } = lever();
    const host = nodeWorkerHost({ script, environmentModule });
    const options = { workers: 2, numEnvs: 2, totalSteps: 20_000, reportSteps: 4000 };
    const reports = await all(makeEnv, options, { workerHost: host });
    const indices = reports.flatMap(({ episodes }) => episodes.map(({ index }) => index));
    expect(new Set(indices)).toEqual(new Set([0, 1, 2, 3]));
    // One rollout between reports: one worker does it, and the other nothing.
    const alone = { workers: 2, totalSteps: 20, reportSteps: 5, learningRateSchedule: "constant" } as const;
    for (const { metrics } of await all(cartPole, alone, { workerHost })) {
      expect(metrics.learningRate).toBeCloseTo(1e-3, 12);
      expect(metrics.entropy).toBeGreaterThan(0.5);
    }
  });

  test("leave no environment open in the thread that they are called from", async () => {
    const { makeEnv, environmentModule } = lever();
    const host = nodeWorkerHost({ script, environmentModule });
    let open = 0;
    const counted = () => {
      open++;
      return { ...makeEnv(), close: () => void open-- };
    };
    await all(counted, { workers: 2, totalSteps: 500 }, { workerHost: host });
    expect(open).toBe(0);
  });

  test("resume where both stood, and a snapshot of two is refused to one", async () => {
    const [first] = await all(cartPole, { workers: 2, totalSteps: 500 }, { workerHost });
    const resume = first.snapshot();
    const rest = await all(cartPole, { workers: 2 }, { workerHost, resume });
    expect(rest.map(({ steps }) => steps)).toEqual([1000, 1500, 2000, 2500, 3000]);
    await expect(all(cartPole, { workers: 1 }, { resume })).rejects.toThrow(
      "a3c: cannot resume: the snapshot is of 2 workers, these options ask for 1.",
    );
  });

  test("stop when nobody wants another report", async () => {
    const host = watched(workerHost);
    for await (const _ of a3c(cartPole, { ...small, workers: 2 }, { workerHost: host })) break;
    expect(host.threads).toHaveLength(2);
    for (const thread of host.threads) expect(await thread.work(null)).toMatchObject({ kind: "died" });
  });
});

describe("a worker that dies", () => {
  test("between reports is replaced, and the run goes on to its end and says so", async () => {
    const host = watched(workerHost);
    const reports: Report[] = [];
    for await (const report of a3c(cartPole, { ...small, workers: 2 }, { workerHost: host })) {
      reports.push(report);
      if (reports.length === 2) await host.threads[1].end();
    }
    expect(reports.map(({ metrics }) => metrics.workersReplaced)).toEqual([0, 0, 1, 1, 1, 1]);
    expect(reports.at(-1)!.steps).toBe(3000);
    expect(host.threads).toHaveLength(3);
  });

  test("at work is replaced, and a single one is no longer reproducible", async () => {
    let kills = 1;
    const murderous: WorkerHost = {
      ...workerHost,
      spawn() {
        const thread = workerHost.spawn();
        return {
          ...thread,
          work(request) {
            const outcome = thread.work(request);
            if (kills-- > 0) void thread.end();
            return outcome;
          },
        };
      },
    };
    const reports = await all(cartPole, { workers: 1, reportSteps: 3000 }, { workerHost: murderous });
    expect(reports.at(-1)).toMatchObject({
      steps: 3000,
      metrics: { workersReplaced: 1 },
      irreproducible: "a worker died on the way, and another went on in its place",
    });
  });

  test("has a replacement with chances of its own, after a resume too", async () => {
    const places: number[] = [];
    const host = watched(workerHost);
    const noting: WorkerHost = {
      ...host,
      spawn() {
        const thread = host.spawn();
        const prepare = (task: unknown) => {
          places.push((task as { readonly place: number }).place);
          return thread.prepare(task);
        };
        return { ...thread, prepare };
      },
    };
    const options = { workers: 2, totalSteps: 1000 };
    const snapshots: Snapshot[] = [];
    for await (const report of a3c(cartPole, { ...small, ...options }, { workerHost: noting })) {
      if (report.steps === 500) await host.threads[1].end();
      snapshots.push(report.snapshot());
    }
    expect(places).toEqual([0, 1, 2]);
    for await (const report of a3c(
      cartPole,
      { ...small, workers: 2, totalSteps: 2000 },
      { workerHost: noting, resume: snapshots[1] },
    )) {
      if (report.steps === 1500) await host.threads.at(-1)!.end();
    }
    expect(places.slice(3)).toEqual([0, 1, 3]);
  });

  test("because the run has failed elsewhere is not replaced", async () => {
    const host = watched(workerHost);
    const failing: WorkerHost = {
      ...host,
      spawn() {
        const thread = host.spawn();
        const isFirst = host.threads.length === 1;
        const fail = async () => ({ kind: "failed", name: "Error", message: "no more." }) as const;
        return { ...thread, work: isFirst ? fail : thread.work };
      },
    };
    const options = { workers: 2, totalSteps: 200_000, reportSteps: 200_000 };
    await expect(all(cartPole, options, { workerHost: failing })).rejects.toThrow("a3c: worker 0 failed: no more.");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.threads).toHaveLength(2);
  });

  test("is replaced even where its replacement dies before it has begun", async () => {
    let hired = 0;
    const deadly: WorkerHost = {
      ...workerHost,
      spawn() {
        const thread = workerHost.spawn();
        const isSecond = ++hired === 2;
        return {
          ...thread,
          prepare(task) {
            const outcome = thread.prepare(task);
            if (isSecond) void thread.end();
            return outcome;
          },
          async work(request) {
            if (hired === 1) await thread.end();
            return thread.work(request);
          },
        };
      },
    };
    const reports = await all(cartPole, { workers: 1 }, { workerHost: deadly });
    expect(hired).toBe(3);
    expect(reports.at(-1)).toMatchObject({ steps: 3000, metrics: { workersReplaced: 2 } });
  });

  test("again and again ends the run, with the reason", async () => {
    const { makeEnv, environmentModule } = lever("if (taken === 7) process.exit(3);");
    const host = nodeWorkerHost({ script, environmentModule });
    await expect(all(makeEnv, { workers: 2 }, { workerHost: host })).rejects.toThrow(
      /^a3c: worker [01] died: its thread ended with code 3\.$/,
    );
  });
});

describe("what cannot be is refused", () => {
  test("several workers without threads", async () => {
    await expect(all(cartPole, { workers: 2 }, {})).rejects.toThrow(
      "a3c: 2 workers need threads: give the session (or train, or run) a workerHost, nodeWorkerHost() of belay-rl/node",
    );
  });

  test("an environment that only this thread can make", async () => {
    const refusal =
      "a worker thread cannot make CartPole-v1: it must come from make() and from Belay, without a wrapper";
    await expect(all(() => timeLimit(cartPole(), 50), {}, { workerHost })).rejects.toThrow(refusal);
  });

  test("a module that makes another environment, and one that makes none", async () => {
    const { makeEnv, environmentModule } = lever("", "Other-v0");
    const other = nodeWorkerHost({ script, environmentModule });
    await expect(all(makeEnv, {}, { workerHost: other })).rejects.toThrow(
      /worker [01] failed: the environment must be Lever-v0, .* makes Other-v0/,
    );
    const path = join(folder, "nothing.mjs");
    writeFileSync(path, "export const answer = 42;");
    const none = nodeWorkerHost({ script, environmentModule: pathToFileURL(path) });
    await expect(all(makeEnv, {}, { workerHost: none })).rejects.toThrow("must export a function that makes an");
  });

  test("a script that is not there", async () => {
    const lost = nodeWorkerHost({ script: new URL("gone.mjs", script) });
    await expect(all(cartPole, {}, { workerHost: lost })).rejects.toThrow(/worker [01] died: Cannot find module/);
  });
});

test("an episode's limit goes to the threads with the environment's name", async () => {
  const short = () => make("CartPole-v1", { maxEpisodeSteps: 5 });
  const reports = await all(short, { totalSteps: 500 }, { workerHost });
  expect(reports[0].episodes.length).toBeGreaterThanOrEqual(98); // 500 steps, and each worker may be amidst an episode
  expect(Math.max(...reports[0].episodes.map(({ length }) => length))).toBe(5);
});

test("an error inside a worker is told with the worker, the environment and the step", async () => {
  const { makeEnv, environmentModule } = lever(`if (taken === 7) throw new Error("the lever broke");`);
  const host = nodeWorkerHost({ script, environmentModule });
  await expect(all(makeEnv, {}, { workerHost: host })).rejects.toThrow(
    /^a3c: worker [01] failed: Lever-v0: sub-environment 0 failed after step 0 of its episode: the lever broke$/,
  );
});

test("a gradient that is not finite, in a thread, is a NonFiniteError", async () => {
  const run = all(cartPole, { learningRate: 1e38, maxGradientNorm: 0 }, { workerHost });
  await expect(run).rejects.toBeInstanceOf(NonFiniteError);
  await expect(run).rejects.toThrow(
    /^a3c: worker [01] failed: a3c: the gradient's norm became .* in the update at step/,
  );
});

test.each([
  { workers: 1, reproducible: true, warnings: [] },
  { workers: 2, reproducible: false, warnings: ["not-reproducible"] },
])("the record of a run with $workers workers says whether it is reproducible", async (expected) => {
  const evaluation = { episodes: 1, finalEpisodes: 1 };
  const options = { ...small, workers: expected.workers };
  const { reproducible, history } = await train(a3c, cartPole, options, { workerHost, evaluation });
  expect(reproducible).toBe(expected.reproducible);
  expect(history.at(-1)).toMatchObject({ kind: "finished", reproducible });
  const told = history.flatMap((event) => (event.kind === "warning" ? [event.warning.name] : []));
  expect(told.filter((name) => name === "not-reproducible")).toEqual(expected.warnings);
});
