import { describe, test } from "vitest";
import { gae } from "../src/estimate/gae.ts";
import { vtrace } from "../src/estimate/vtrace.ts";
import { createRunningMoments } from "../src/math/running-moments.ts";
import { algorithmFile, algorithmFixture, expectClose, referenceKernel, wasmKernel } from "./fixture.ts";

interface GaeCase {
  readonly gamma: number;
  readonly lambda: number;
  /** [step][env] */
  readonly rewards: readonly number[][];
  readonly values: readonly number[][];
  readonly episodeStarts: readonly (number | boolean)[][];
  readonly lastValues: readonly number[];
  readonly lastDones: readonly (number | boolean)[];
  readonly advantages: readonly number[][];
  readonly returns: readonly number[][];
}

const gaeFixture = algorithmFixture<GaeCase>("gae");

describe.skipIf(gaeFixture.absent)("gae.json", () => {
  for (const makeKernel of [referenceKernel, wasmKernel]) {
    test.each(gaeFixture.cases)(`${makeKernel.name}: gamma $gamma, lambda $lambda`, (item) => {
      const kernel = makeKernel();
      const [T, N] = [item.rewards.length, item.lastValues.length];
      const numbers = (rows: readonly number[][]) => filled(kernel.float32(T * N), rows.flat());
      const starts = [...item.episodeStarts, item.lastDones];
      const rollout = {
        T,
        N,
        observations: kernel.float32(0),
        actions: kernel.float32(0),
        masks: null,
        logProbs: kernel.float32(0),
        rewards: numbers(item.rewards),
        values: numbers(item.values),
        nextValues: numbers([...item.values.slice(1), [...item.lastValues]]),
        // The reference says where an episode begins; it ended one step before.
        terminated: filled(kernel.uint8(T * N), starts.slice(1).flat().map(Number)),
        truncated: kernel.uint8(T * N),
      };
      const estimates = { advantages: kernel.float32(T * N), returns: kernel.float32(T * N) };
      gae(kernel, rollout, { discount: item.gamma, lambda: item.lambda }, estimates);
      expectClose(estimates.advantages, item.advantages.flat(), "advantages");
      expectClose(estimates.returns, item.returns.flat(), "returns");
    });
  }
});

interface VtraceCase {
  readonly gamma: number;
  readonly rhoBar: number;
  readonly cBar: number;
  /** [step]; a discount of 0 is a termination. */
  readonly rewards: readonly number[];
  readonly values: readonly number[];
  readonly bootstrapValue: number;
  readonly logRatios: readonly number[];
  readonly discounts: readonly number[];
  readonly vs: readonly number[];
  readonly policyGradientAdvantages: readonly number[];
}

const vtraceFixture = algorithmFixture<VtraceCase>("vtrace");

describe.skipIf(vtraceFixture.absent)("vtrace.json", () => {
  test.each(vtraceFixture.cases)("gamma $gamma, rho $rhoBar, c $cBar", (item) => {
    const kernel = referenceKernel();
    const T = item.rewards.length;
    const numbers = (values: readonly number[]) => filled(kernel.float32(T), values);
    const rollout = {
      T,
      N: 1,
      observations: kernel.float32(0),
      actions: kernel.float32(0),
      masks: null,
      logProbs: kernel.float32(T),
      rewards: numbers(item.rewards),
      values: numbers(item.values),
      nextValues: numbers([...item.values.slice(1), item.bootstrapValue]),
      terminated: filled(
        kernel.uint8(T),
        item.discounts.map((discount) => Number(discount === 0)),
      ),
      truncated: kernel.uint8(T),
    };
    const options = { discount: item.gamma, lambda: 1, maxImportance: item.rhoBar, maxTrace: item.cBar };
    const estimates = { advantages: kernel.float32(T), returns: kernel.float32(T) };
    vtrace(rollout, numbers(item.logRatios), options, estimates);
    expectClose(estimates.returns, item.vs, "v");
    expectClose(estimates.advantages, item.policyGradientAdvantages, "advantages");
  });
});

interface MomentsFixture {
  readonly initialCount: number;
  readonly batches: readonly number[][][];
  readonly afterEach: readonly { readonly mean: number[]; readonly variance: number[]; readonly count: number }[];
}

const moments = algorithmFile<MomentsFixture>("running_mean_std");

describe.skipIf(moments === null)("running_mean_std.json", () => {
  test("the running moments agree after each batch", () => {
    if (!moments) return;
    const running = createRunningMoments(moments.batches[0][0].length, moments.initialCount);
    moments.batches.forEach((batch, i) => {
      running.update(batch.flat(), batch.length);
      expectClose(running.mean, moments.afterEach[i].mean, `mean after batch ${i}`);
      expectClose(running.variance, moments.afterEach[i].variance, `variance after batch ${i}`);
      expectClose([running.count], [moments.afterEach[i].count], `count after batch ${i}`);
    });
  });
});

function filled<A extends Float32Array | Uint8Array>(array: A, values: readonly number[]): A {
  array.set(values);
  return array;
}
