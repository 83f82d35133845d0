import { describe, expect, test } from "vitest";
import { createActor } from "../deploy/act.ts";
import { box, discrete } from "../env/space.ts";
import type { MakeKernel } from "../kernel/kernel.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { argMax } from "../math/arg-max.ts";
import { createRandom } from "../math/random.ts";
import { type ActionValuesShape, createActionValues } from "./action-values.ts";
import { createValueDistribution } from "./value-distribution.ts";

const spaces = { observationSpace: box({ low: -1, high: 1, shape: [3] }), actionSpace: discrete(4) };
const support = { low: -2, high: 3, atoms: 6 };
const rows = 32;

function prepare(shape: Partial<ActionValuesShape>, makeKernel: MakeKernel = wasmKernel) {
  const kernel = makeKernel({ bytes: 2 ** 22 });
  const random = createRandom(3);
  const values = createActionValues(
    kernel,
    spaces,
    { hidden: [9, 8], activation: "tanh", dueling: true, ...shape },
    rows,
    random,
  );
  const observations = kernel.float32(3 * rows);
  for (let i = 0; i < observations.length; i++) observations[i] = random.normal();
  return { kernel, random, values, observations };
}

const shapes: readonly Partial<ActionValuesShape>[] = [
  { dueling: false },
  { dueling: true },
  { hidden: [10] },
  { hidden: [7, 6, 5], activation: "relu" },
  { dueling: false, support },
  { support },
];

describe.each<[string, MakeKernel]>([
  ["reference", referenceKernel],
  ["wasm", wasmKernel],
])("with the %s kernel", (_, makeKernel) => {
  test.each(shapes)("%o: the row of layers for deployment acts exactly as the network", (shape) => {
    const { kernel, values, observations } = prepare(shape, makeKernel);
    const actor = createActor(values);
    const outputs = values.forward(observations, rows);
    const q = shape.support
      ? (({ evaluate, means }) => means(evaluate(outputs, 4 * rows).probabilities, 4 * rows))(
          createValueDistribution(kernel, shape.support, 4 * rows),
        )
      : outputs;
    for (let row = 0; row < rows; row++) {
      const observation = observations.slice(row * 3, row * 3 + 3);
      expect(actor.act(observation)).toBe(argMax(q, null, row * 4, row * 4 + 4) - row * 4);
      const seen = actor.distributionAt(observation);
      if (!("values" in seen)) throw new Error(seen.kind);
      seen.values.forEach((value, action) => void expect(value).toBeCloseTo(q[row * 4 + action], 5));
    }
  });
});

test.each(shapes)("%o: backward is the derivative of forward", (shape) => {
  const { random, values, observations } = prepare(shape, referenceKernel);
  const outputs = 4 * (shape.support?.atoms ?? 1);
  const direction = Float32Array.from({ length: rows * outputs }, () => random.normal());
  const along = () => values.forward(observations, rows).reduce((sum, y, i) => sum + y * direction[i], 0);
  along();
  const slopes = direction.slice();
  values.backward(slopes, rows);
  const step = 2 ** -9;
  for (let i = 0; i < values.parameters.length; i += 7) {
    const at = values.parameters[i];
    const moved = [step, -step].map((by) => {
      values.parameters[i] = at + by;
      return along();
    });
    values.parameters[i] = at;
    const slope = (moved[0] - moved[1]) / (2 * step);
    // A ReLU may turn between the two.
    const tolerance = shape.activation === "relu" ? 0.1 * Math.abs(slope) + 0.2 : 1e-2 * Math.abs(slope) + 2e-2;
    expect(Math.abs(values.gradients[i] - slope), `parameter ${i}: ${values.gradients[i]}, ${slope}`).toBeLessThan(
      tolerance,
    );
  }
});

test("advantages have no mean: what all actions share is the value's alone", () => {
  const { values, observations } = prepare({ hidden: [5] });
  const before = values.forward(observations, 1).slice(0, 4);
  // The last four numbers are the biases of the advantages: to raise all of them changes nothing.
  values.parameters.subarray(-4).fill(values.parameters.at(-1)!);
  const level = values.forward(observations, 1).slice(0, 4);
  values.parameters.subarray(-4).fill(100);
  const raised = values.forward(observations, 1).slice(0, 4);
  raised.forEach((q, i) => void expect(q).toBeCloseTo(level[i], 4));
  expect(level).not.toEqual(before);
});

test("the target is the same function at the start, and has parameters of its own", () => {
  const { values, observations } = prepare({});
  const expected = values.forward(observations, rows).slice();
  values.parameters.fill(0);
  expect(values.target.forward(observations, rows)).toEqual(expected);
});

test("a fresh layer is uniform within ±1/√inputs, biases too", () => {
  const { values } = prepare({ dueling: false, hidden: [100, 64] });
  for (const { weights, bias, inputs } of values.layers) {
    const scaled = [...weights, ...bias].map((x) => x * Math.sqrt(inputs));
    expect(Math.max(...scaled.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(Math.max(...scaled)).toBeGreaterThan(0.9);
    const meanSquare = scaled.reduce((sum, x) => sum + x * x, 0) / scaled.length;
    expect(meanSquare).toBeGreaterThan(0.25);
    expect(meanSquare).toBeLessThan(0.42); // of a uniform within ±1: ⅓
  }
});

test("a dueling network without a hidden layer is refused", () => {
  expect(() => prepare({ hidden: [] })).toThrow(
    "createValueNetwork: a dueling network needs a hidden layer, got none.",
  );
});
