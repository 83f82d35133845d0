import { type ActingPolicy, createRandom, encodePolicy } from "belay-rl/deploy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { box, discrete } from "../../src/env/space.ts";
import { type OpenPage, openModule } from "./chromium.ts";
import * as work from "./work.ts";

const training = {
  algorithm: "none",
  environment: "none",
  seed: 0,
  steps: 0,
  options: {},
  version: "0",
  parametersHash: "",
};

describe.each([{ isolated: false }, { isolated: true }])("in a page, cross-origin isolated: $isolated", (options) => {
  let chromium: OpenPage;
  beforeAll(async () => {
    chromium = await openModule("test/browser/work.ts", options);
  });
  afterAll(() => chromium[Symbol.asyncDispose]());

  /** Calls a function of work.ts in the page. */
  function inPage<Name extends keyof typeof work>(
    name: Name,
    ...args: Parameters<(typeof work)[Name]>
  ): Promise<unknown> {
    return chromium.page.evaluate(
      ([name, args]) =>
        (globalThis as unknown as { here: Record<string, (...args: unknown[]) => unknown> }).here[name](...args),
      [name, args] as const,
    );
  }

  test("the page is what it is said to be", async () => {
    expect(await chromium.page.evaluate("crossOriginIsolated")).toBe(options.isolated);
    expect(chromium.complaints).toEqual([]);
  });

  test("exp, log, log1p, sin, cos and tanh give the bytes they give in Node", async () => {
    expect(await inPage("transcendentalHash")).toBe(work.transcendentalHash());
  });

  test("the kernel gives the bytes it gives in Node", async () => {
    const here = work.kernelHashes();
    expect(await inPage("kernelHashes")).toEqual(here);
    expect(new Set(Object.values(here)).size).toBe(Object.keys(here).length);
  });

  test.each(["categorical", "gaussian"] as const)("a %s policy file acts as it does in Node", async (distribution) => {
    const file = [...encodePolicy(randomPolicy(distribution), training)];
    expect(await inPage("actions", file)).toBe(work.actions(file));
  });
});

/** Four numbers in, two out, one hidden layer, weights by chance. */
function randomPolicy(distribution: "categorical" | "gaussian"): ActingPolicy {
  const random = createRandom(3);
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  return {
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [4] }),
    actionSpace: distribution === "gaussian" ? box({ low: [-1, -1], high: [1, 1] }) : discrete(2),
    distribution,
    layers: [
      { inputs: 4, outputs: 8, activation: "elu", weights: numbers(32), bias: numbers(8) },
      { inputs: 8, outputs: 2, activation: "tanh", weights: numbers(16), bias: numbers(2) },
    ],
    logStd: distribution === "gaussian" ? numbers(2) : null,
    normalization: { mean: numbers(4), variance: [0.5, 1, 2, 3], epsilon: 1e-8, clip: 10 },
  };
}
