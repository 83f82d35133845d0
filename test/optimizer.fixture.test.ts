import { describe, test } from "vitest";
import type { Kernel } from "../src/kernel/kernel.ts";
import { adam } from "../src/optimizer/adam.ts";
import type { Optimizer } from "../src/optimizer/optimizer.ts";
import { rmsProp } from "../src/optimizer/rms-prop.ts";
import { sgd } from "../src/optimizer/sgd.ts";
import { algorithmFixture, expectClose, referenceKernel, wasmKernel } from "./fixture.ts";

interface OptimizerCase {
  /** "adam", "sgd", "rmsprop" or "rmsprop_tf_like (…)" */
  readonly optimizer: string;
  readonly hyper: {
    readonly lr: number;
    readonly eps?: number;
    readonly betas?: readonly [number, number];
    readonly alpha?: number;
  };
  readonly start: readonly number[];
  readonly gradients: readonly number[][];
  readonly parametersAfterEach: readonly number[][];
}

const fixture = algorithmFixture<OptimizerCase>("optimizers");

describe.skipIf(fixture.absent)("optimizers.json", () => {
  for (const makeKernel of [referenceKernel, wasmKernel]) {
    test.each(fixture.cases)(`${makeKernel.name}: $optimizer $hyper`, (item) => {
      const kernel = makeKernel();
      const parameters = kernel.float32(item.start.length);
      const gradients = kernel.float32(item.start.length);
      parameters.set(item.start);
      const optimizer = optimizerOf(item, kernel, parameters, gradients);
      item.gradients.forEach((gradient, i) => {
        gradients.set(gradient);
        optimizer.step(item.hyper.lr, 1);
        expectClose(parameters, item.parametersAfterEach[i], `parameters after step ${i + 1}`);
      });
    });
  }
});

function optimizerOf(
  { optimizer, hyper }: OptimizerCase,
  kernel: Kernel,
  parameters: Float32Array,
  gradients: Float32Array,
): Optimizer {
  const epsilon = hyper.eps === undefined ? {} : { epsilon: hyper.eps };
  const decay = hyper.alpha === undefined ? {} : { decay: hyper.alpha };
  const betas = hyper.betas === undefined ? {} : { beta1: hyper.betas[0], beta2: hyper.betas[1] };
  const name = optimizer.toLowerCase();
  if (name.startsWith("adam")) return adam(kernel, parameters, gradients, { ...epsilon, ...betas });
  if (name.startsWith("rmsprop")) {
    return rmsProp(kernel, parameters, gradients, { ...epsilon, ...decay, epsilonInside: name.includes("tf") });
  }
  if (name.startsWith("sgd")) return sgd(kernel, parameters, gradients);
  throw new Error(`optimizers.json: unknown optimizer ${optimizer}.`);
}
