import { describe, expect, test } from "vitest";
import { createActor } from "../deploy/act.ts";
import { decodePolicy, encodePolicy, parametersHash } from "../deploy/policy-file.ts";
import { box, discrete } from "../env/space.ts";
import { frozenLake } from "../env/toy-text/frozen-lake.ts";
import { expectedReturn, valueIteration } from "../exact/dynamic-programming.ts";
import { deterministicPolicy } from "../exact/stationary-policy.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import type { Report } from "./algorithm.ts";
import { type FittedQIterationConfig, fitActionValues, fittedQIteration } from "./fitted-q-iteration.ts";

const lake = () => frozenLake({ slippery: false, maxEpisodeSteps: 100 });
const trees = { regressor: "trees", trees: 3, iterations: 12 } as const;
const network = { regressor: "network", hidden: [32], epochs: 10, learningRate: 5e-3, iterations: 12 } as const;
const session = () => ({ kernel: wasmKernel({ bytes: 2 ** 24 }) });

async function all(options: Partial<FittedQIterationConfig>, more = {}): Promise<Report[]> {
  const reports: Report[] = [];
  const config = { totalSteps: 2000, discount: 0.9, reportEvery: 500, seed: 3, ...options };
  for await (const report of fittedQIteration(lake, config, { ...session(), ...more })) {
    reports.push({
      ...report,
      snapshot: (() => {
        const taken = report.snapshot();
        return () => taken;
      })(),
    });
  }
  return reports;
}

describe.each([trees, network])("$regressor", (options) => {
  test("from a batch of actions by chance, the way over the ice that value iteration finds", async () => {
    const policy = (await all(options)).at(-1)!.policy;
    const actor = createActor(policy);
    const choices = Array.from({ length: 16 }, (_, state) => actor.act(state as never) as number);
    const { table } = lake();
    expect(expectedReturn(table, deterministicPolicy(choices, 4), 6)).toBe(1); // six steps, the fewest there are
    const seen = actor.distributionAt(0 as never);
    if (seen.kind !== "action-values") throw new Error(seen.kind);
    const { values } = valueIteration(table, { discount: 0.9 });
    expect(Math.max(...seen.values)).toBeCloseTo(values[0], 1); // 0.9⁵
  });

  test("goes on from any report to the same bytes, in the batch and between regressions", async () => {
    const reports = await all(options);
    const hash = parametersHash(reports.at(-1)!.policy.parameters);
    expect(reports.map(({ steps }) => steps).slice(0, 5)).toEqual([500, 1000, 1500, 2000, 2000]);
    expect(reports.map(({ goesOn }) => goesOn).slice(-2)).toEqual([true, false]);
    for (const at of [1, 3, 6]) {
      const rest = await all(options, { resume: reports[at].snapshot() });
      expect(rest.length).toBe(reports.length - at - 1);
      expect(parametersHash(rest.at(-1)!.policy.parameters)).toBe(hash);
    }
  });
});

test("a forest goes through the policy file and acts the same", async () => {
  const { policy } = (await all({ ...trees, iterations: 3 })).at(-1)!;
  const training = {
    algorithm: "fitted-q-iteration",
    environment: "FrozenLake-v1",
    seed: 3,
    steps: 2000,
    options: {},
    version: "0",
    parametersHash: parametersHash(policy.parameters),
  };
  const read = decodePolicy(encodePolicy(policy, training));
  expect(read.forest).toEqual(policy.forest);
  const [here, there] = [createActor(policy), createActor(read)];
  for (let state = 0; state < 16; state++) {
    expect(there.distributionAt(state as never)).toEqual(here.distributionAt(state as never));
  }
  const nodes = policy.forest!.nodes.slice();
  nodes[2] = 0; // the left child of the root is the root
  expect(() => createActor({ ...policy, forest: { ...policy.forest!, nodes } })).toThrow(
    /createActor: a forest of \d+ nodes/,
  );
});

test("a log of one's own: rewards that follow, termination worth nothing, masks heeded, bad lengths refused by name", () => {
  // From 0, action 0 leads to 1 for nothing, action 1 ends for 1; from 1, action 0 ends for 4, action 1, forbidden, for 100.
  const batch = {
    size: 4,
    observations: Float32Array.of(0, 0, 1, 1),
    actions: Float32Array.of(0, 1, 0, 1),
    rewards: Float32Array.of(0, 1, 4, 100),
    nextObservations: Float32Array.of(1, 0, 0, 0),
    terminated: Uint8Array.of(0, 1, 1, 1),
    nextMasks: Uint8Array.of(1, 0, 1, 1, 1, 1, 1, 1),
  };
  const spaces = { observationSpace: box({ low: 0, high: 1, shape: [1] }), actionSpace: discrete(2) };
  const fit = (changed = {}) => [
    ...fitActionValues({ ...batch, ...changed }, spaces, { discount: 0.5, trees: 2, iterations: 3 }),
  ];
  const { policy } = fit().at(-1)!;
  const seen = createActor(policy).distributionAt(Float32Array.of(0));
  expect(seen).toEqual({ kind: "action-values", values: Float32Array.of(2, 1) }); // 0 + 0.5 · 4 against 1
  expect(() => fit({ rewards: new Float32Array(3) })).toThrow(
    "fitActionValues: the batch's rewards must hold 4 numbers, got 3.",
  );
  expect(() => fit({ actions: Float32Array.of(0, 1, 2, 0) })).toThrow(
    "fitActionValues: the batch's actions must be integers from 0 to 1, got 2.",
  );
  expect(() => fit({ rewards: Float32Array.of(0, NaN, 0, 0) })).toThrow(
    "the batch's rewards must be finite, got NaN in place 1.",
  );
});
