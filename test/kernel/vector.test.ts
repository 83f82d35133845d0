import * as fc from "fast-check";
import { expect, test } from "vitest";
import { expectTwins, filled, type Scenario, uniform } from "./twins.ts";

const size = fc.integer({ min: 1, max: 40 });
const seed = fc.nat();

/** A scenario for n rows of m columns, at any n, m and chance. */
function expectTwinsAtAnySize(error: number, scenario: (n: number, m: number) => Scenario): void {
  fc.assert(fc.property(size, size, seed, (n, m, seed) => expectTwins(seed, error, scenario(n, m))));
}

test("addScaled, scale and polyak are within 2e-7 of their twins", () => {
  expectTwinsAtAnySize(2e-7, (n) => (kernel, random) => {
    const y = uniform(kernel, random, n);
    const x = uniform(kernel, random, n);
    const target = uniform(kernel, random, n);
    kernel.addScaled(y, 0.3, x);
    kernel.polyak(target, x, 0.005);
    kernel.scale(x, -1.7);
    return [y, x, target];
  });
});

test("columnSums is within 2e-6 of its twin", () => {
  expectTwinsAtAnySize(2e-6, (n, m) => (kernel, random) => {
    const out = kernel.float32(m);
    kernel.columnSums(uniform(kernel, random, n * m), out, n, m);
    return [out];
  });
});

test("squaredNorm is the double sum", () => {
  expectTwinsAtAnySize(1e-14, (n, m) => (kernel, random) => [[kernel.squaredNorm(uniform(kernel, random, n * m))]]);
});

test("gatherRows copies the rows named, repeats among them", () => {
  expectTwinsAtAnySize(0, (n, m) => (kernel, random) => {
    const indices = filled(kernel.int32(n), () => random.integer(7));
    const out = kernel.float32(n * m);
    kernel.gatherRows(uniform(kernel, random, 7 * m), indices, out, n, m);
    return [out];
  });
});

test("standardize is within 1e-6 of its twin, far from 0 too, and makes a single number 0", () => {
  expectTwinsAtAnySize(1e-6, (n, m) => (kernel, random) => {
    const near = uniform(kernel, random, n * m);
    const far = filled(kernel.float32(n * m), () => 1000 + random.uniform());
    kernel.standardize(near);
    kernel.standardize(far);
    if (n * m === 1) expect(near[0]).toBe(0);
    return [near, far];
  });
});

test("standardize, by hand: 1 2 3 has mean 2 and deviation √(2/2) = 1", () => {
  expectTwins(0, 1e-7, (kernel) => {
    const x = filled(kernel.float32(3), (i) => i + 1);
    kernel.standardize(x);
    expect([...x]).toEqual([-1, 0, 1]);
    return [x];
  });
});

test("normalizeColumns is within 2e-7 of its twin and clips", () => {
  expectTwinsAtAnySize(2e-7, (n, m) => (kernel, random) => {
    const x = uniform(kernel, random, n * m);
    const mean = uniform(kernel, random, m);
    const inverse = filled(kernel.float32(m), () => 1 + random.uniform());
    const out = kernel.float32(n * m);
    kernel.normalizeColumns(x, mean, inverse, 0.75, out, n, m);
    expect(Math.max(...out.map(Math.abs))).toBeLessThanOrEqual(0.75);
    return [out];
  });
});

test("gae is within 2e-6 of its twin", () => {
  expectTwinsAtAnySize(2e-6, (T, N) => (kernel, random) => {
    const numbers = () => uniform(kernel, random, T * N);
    const flags = () => filled(kernel.uint8(T * N), () => Number(random.uniform() < 0.2));
    const advantages = kernel.float32(T * N);
    const returns = kernel.float32(T * N);
    kernel.gae(numbers(), numbers(), numbers(), flags(), flags(), advantages, returns, T, N, 0.99, 0.95);
    return [advantages, returns];
  });
});

test("Adam stays within 1e-6 of its twin over three steps", () => {
  expectTwinsAtAnySize(1e-6, (n, m) => (kernel, random) => {
    const parameters = uniform(kernel, random, n * m);
    const first = kernel.float32(n * m);
    const second = kernel.float32(n * m);
    for (let step = 1; step <= 3; step++) {
      const gradients = uniform(kernel, random, n * m);
      kernel.adam(parameters, gradients, first, second, step, 1e-2, 0.9, 0.999, 1e-5, 0.5);
    }
    return [parameters, first, second];
  });
});

test("Adam's first step is α in size, the gradient's scale aside: m̂ / √v̂ = g / |g|", () => {
  expectTwins(0, 1e-6, (kernel) => {
    const parameters = kernel.float32(2);
    const gradients = filled(kernel.float32(2), (i) => (i === 0 ? 5 : -0.01));
    kernel.adam(parameters, gradients, kernel.float32(2), kernel.float32(2), 1, 0.1, 0.9, 0.999, 1e-12, 0.25);
    expect(parameters[0]).toBeCloseTo(-0.1, 6);
    expect(parameters[1]).toBeCloseTo(0.1, 6);
    return [parameters];
  });
});

test("after one gradient and 2,000 steps without, no moment is subnormal, and the first moment is 0", () => {
  const smallestNormal = 2 ** -126;
  // 0.999 in single precision is 1.3e-8 off, and that 2,000 times.
  expectTwins(0, 1e-4, (kernel) => {
    const gradients = filled(kernel.float32(8), (i) => [1e-30, 1e-17, 1e-16, 1e-12, 1e-3, 1, -1e6, -1e-16][i]);
    const [parameters, first, second, meanSquare] = [0, 1, 2, 3].map(() => kernel.float32(8));
    for (let step = 1; step <= 2000; step++) {
      kernel.adam(parameters, gradients, first, second, step, 1e-3, 0.9, 0.999, 1e-5, 1);
      kernel.rmsProp(parameters, gradients, meanSquare, 1e-3, 0.9, 1e-5, false, 1);
      for (const moment of [...first, ...second, ...meanSquare]) {
        if (moment !== 0) expect(Math.abs(moment)).toBeGreaterThanOrEqual(smallestNormal);
      }
      gradients.fill(0);
    }
    for (const moment of [...first, ...meanSquare]) expect(moment).toBeCloseTo(0, 100);
    expect(second[5]).toBeGreaterThan(1e-4); // 0.999^2000 · 0.001 = 1.35e-4
    return [parameters, first, second, meanSquare];
  });
});

test("a gradient that is not a number makes the moments not numbers", () => {
  expectTwins(0, 0, (kernel) => {
    const [parameters, first, second, meanSquare] = [0, 1, 2, 3].map(() => kernel.float32(1));
    const gradients = kernel.float32(1).fill(NaN);
    kernel.adam(parameters, gradients, first, second, 1, 1e-3, 0.9, 0.999, 1e-5, 1);
    kernel.rmsProp(parameters, gradients, meanSquare, 1e-3, 0.9, 1e-5, false, 1);
    for (const [moment] of [first, second, meanSquare]) expect(moment).toBeNaN();
    return [first, second, meanSquare];
  });
});

test("RMSProp, with ε inside or outside the root, and SGD are within 1e-6 of their twins", () => {
  expectTwinsAtAnySize(1e-6, (n, m) => (kernel, random) => {
    const gradients = uniform(kernel, random, n * m);
    const arrays = [0, 1, 2].map(() => uniform(kernel, random, n * m));
    const squares = [0, 1].map(() => filled(kernel.float32(n * m), () => random.uniform()));
    kernel.rmsProp(arrays[0], gradients, squares[0], 1e-2, 0.99, 1e-3, false, 0.5);
    kernel.rmsProp(arrays[1], gradients, squares[1], 1e-2, 0.99, 1e-3, true, 0.5);
    kernel.sgd(arrays[2], gradients, 1e-2, 0.5);
    return [...arrays, ...squares];
  });
});

test("RMSProp's ε, by hand: at v = 0, g = 0.1, ρ = 0 the step is α g / (0.1 + ε) or α g / √(0.01 + ε)", () => {
  for (const [inside, step] of [
    [false, 0.1 / (0.1 + 0.01)],
    [true, 0.1 / Math.sqrt(0.01 + 0.01)],
  ] as const) {
    expectTwins(0, 1e-6, (kernel) => {
      const parameters = kernel.float32(1);
      kernel.rmsProp(parameters, kernel.float32(1).fill(0.1), kernel.float32(1), 1, 0, 0.01, inside, 1);
      expect(parameters[0]).toBeCloseTo(-step, 6);
      return [parameters];
    });
  }
});
