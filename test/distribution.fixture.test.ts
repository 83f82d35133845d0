import { describe, test } from "vitest";
import type { Kernel } from "../src/kernel/kernel.ts";
import { bernoulli } from "../src/policy/distribution/bernoulli.ts";
import { categorical } from "../src/policy/distribution/categorical.ts";
import type { Distribution } from "../src/policy/distribution/distribution.ts";
import { gaussian } from "../src/policy/distribution/gaussian.ts";
import { algorithmFixture, expectClose, referenceKernel, wasmKernel } from "./fixture.ts";

interface DistributionCase {
  /** "categorical", "diagonalGaussian", "squashedGaussian", "bernoulli (…)" or "multiCategorical (MultiDiscrete [2, 4])" */
  readonly kind: string;
  readonly logits?: readonly number[][];
  readonly mean?: readonly number[][];
  readonly logStd?: readonly number[];
  readonly noise?: readonly number[][];
  readonly actions: readonly (number | readonly number[])[];
  readonly logProb: readonly number[];
  readonly entropy?: readonly number[];
  readonly mode?: readonly (number | readonly number[])[];
  readonly otherLogits?: readonly number[][];
  readonly otherMean?: readonly number[][];
  readonly otherLogStd?: readonly number[];
  readonly klToOther?: readonly number[];
  readonly epsilonInLog?: number;
}

const fixture = algorithmFixture<DistributionCase>("distributions");

describe.skipIf(fixture.absent)("distributions.json", () => {
  for (const makeKernel of [referenceKernel, wasmKernel]) {
    test.each(fixture.cases)(`${makeKernel.name}: $kind`, (item) => {
      const kernel = makeKernel();
      if (item.kind.startsWith("squashed")) return compareSquashed(kernel, item);
      const numbers = (values: readonly number[]) => filled(kernel, values);
      const outputs = numbers((item.logits ?? item.mean ?? []).flat());
      const actions = numbers(item.actions.flat());
      const batch = item.actions.length;
      const [logProbs, entropies] = [kernel.float32(batch), kernel.float32(batch)];
      const logStd = numbers(item.logStd ?? []);
      const distribution = distributionOf(kernel, item, logStd, batch);

      distribution.evaluate(outputs, null, actions, batch, logProbs, entropies);
      expectClose(logProbs, item.logProb, "log-probability");
      if (item.entropy) expectClose(entropies, item.entropy, "entropy");
      if (item.mode) {
        const mode = kernel.float32(actions.length);
        distribution.mode(outputs, null, batch, mode);
        expectClose(mode, item.mode.flat(), "mode");
      }
      if (item.klToOther) {
        const divergence = kernel.float32(batch);
        const other = {
          outputs: numbers((item.otherLogits ?? item.otherMean ?? []).flat()),
          ...(item.otherLogStd && { logStd: numbers(item.otherLogStd) }),
        };
        distribution.divergence({ outputs }, other, batch, divergence);
        expectClose(divergence, item.klToOther, "divergence");
      }
    });
  }
});

function distributionOf(kernel: Kernel, item: DistributionCase, logStd: Float32Array, batch: number): Distribution {
  const kind = item.kind.toLowerCase();
  const size = item.logits?.[0].length ?? 0;
  if (kind.startsWith("categorical")) return categorical(kernel, [size], batch);
  if (kind.startsWith("multicategorical")) {
    const sizes = /\[([\d,\s]+)\]/.exec(item.kind)?.[1].split(",").map(Number);
    if (!sizes) throw new Error(`distributions.json: no sizes in "${item.kind}".`);
    return categorical(kernel, sizes, batch);
  }
  if (kind.startsWith("bernoulli")) return bernoulli(kernel, size, batch);
  if (kind.startsWith("diagonalgaussian")) return gaussian(kernel, logStd, kernel.float32(logStd.length));
  throw new Error(`distributions.json: unknown kind ${item.kind}.`);
}

/** Ours is exact; the reference adds `epsilonInLog` to 1 − tanh² u inside the logarithm, which moves it by at most that over 1 − tanh² u. */
function compareSquashed(kernel: Kernel, item: DistributionCase): void {
  const mean = filled(kernel, (item.mean ?? []).flat());
  const noise = filled(kernel, (item.noise ?? []).flat());
  const batch = item.actions.length;
  const size = mean.length / batch;
  const logStd = filled(kernel, Array.from({ length: batch }, () => item.logStd ?? []).flat());
  const [actions, logProbs] = [kernel.float32(mean.length), kernel.float32(batch)];
  kernel.squashedGaussianForward(mean, logStd, noise, batch, size, actions, logProbs);
  expectClose(actions, item.actions.flat(), "actions");
  item.logProb.forEach((expected, row) => {
    let allowed = 1e-5 * Math.max(1, Math.abs(expected));
    for (let i = row * size; i < (row + 1) * size; i++) {
      const u = mean[i] + Math.exp(logStd[i]) * noise[i];
      allowed += (item.epsilonInLog ?? 0) / (1 / Math.cosh(u) ** 2);
    }
    expectClose([logProbs[row]], [expected], `log-probability of row ${row}`, { relative: 0, absolute: allowed });
  });
}

function filled(kernel: Kernel, values: readonly number[]): Float32Array {
  const array = kernel.float32(values.length);
  array.set(values);
  return array;
}
