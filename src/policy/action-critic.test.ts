import { expect, test } from "vitest";
import type { MakeKernel } from "../kernel/kernel.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { actionCriticShape, createActionCritic } from "./action-critic.ts";
import { fanInUniform } from "./fan-in-uniform.ts";
import { parameterCount } from "./network.ts";
import { smallestOutputs } from "./network-array.ts";
import { createSquashedGaussianActor, squashedGaussianShape } from "./squashed-gaussian-actor.ts";

const [batch, observationSize, actionSize] = [9, 5, 3];
const form = { hidden: [11, 7], activation: "tanh" } as const;

/** Twin critics and an actor by chance, and a batch for them. */
function example(makeKernel: MakeKernel) {
  const kernel = makeKernel({ bytes: 2 ** 22 });
  const random = createRandom(4);
  const normals = (length: number) => {
    const numbers = kernel.float32(length);
    for (let i = 0; i < length; i++) numbers[i] = random.normal();
    return numbers;
  };
  const flat = (length: number) => ({ parameters: kernel.float32(length), gradients: kernel.float32(length) });
  const criticShape = actionCriticShape(observationSize, actionSize, form);
  const actorShape = squashedGaussianShape(observationSize, actionSize, form);
  const ofCritics = flat(2 * parameterCount(criticShape));
  const ofActor = flat(parameterCount(actorShape));
  const critics = createActionCritic(kernel, criticShape, actionSize, ofCritics.parameters, ofCritics.gradients, batch);
  const actor = createSquashedGaussianActor(kernel, actorShape, ofActor.parameters, ofActor.gradients, batch);
  for (const network of [...critics.networks, actor.network]) {
    for (const layer of network.layers) fanInUniform(layer, random);
  }
  const samples = { observations: normals(batch * observationSize), noise: normals(batch * actionSize) };
  return { kernel, critics, actor, ofCritics, ofActor, ...samples, actions: normals(batch * actionSize) };
}

/** (f(x + h) − f(x − h)) / 2h at one number of an array. */
function slopeAt(x: Float32Array, i: number, f: () => number, step = 2e-3): number {
  const kept = x[i];
  x[i] = kept + step;
  const above = f();
  x[i] = kept - step;
  const below = f();
  x[i] = kept;
  return (above - below) / (2 * step);
}

function expectSlope(actual: number, measured: number, where: string): void {
  expect(Math.abs(actual - measured), `${where}: ${actual} for ${measured}`).toBeLessThan(
    2e-3 * Math.max(0.5, Math.abs(measured)),
  );
}

test("backward gives each critic the gradient of its own values", () => {
  const { kernel, critics, ofCritics, observations, actions } = example(referenceKernel);
  const weights = [0, 1].map((k) => {
    const slopes = kernel.float32(batch);
    for (let i = 0; i < batch; i++) slopes[i] = (i + 1) / batch - k;
    return slopes;
  });
  const loss = () => {
    const values = critics.evaluate(observations, actions, batch);
    return values.reduce((sum, value, k) => sum + weights[k].reduce((part, w, i) => part + w * value[i], 0), 0);
  };
  loss();
  critics.backward(
    weights.map((slopes) => slopes.slice()),
    batch,
  );
  for (let i = 0; i < ofCritics.parameters.length; i += 5) {
    expectSlope(ofCritics.gradients[i], slopeAt(ofCritics.parameters, i, loss), `parameter ${i}`);
  }
});

test.each([1, 2])(
  "backwardActions is the slope of the smallest of %i values, and leaves the gradients alone",
  (count) => {
    const { kernel, critics, ofCritics, observations, actions } = example(referenceKernel);
    const smallest = kernel.float32(batch);
    const sum = () => {
      smallestOutputs(critics.evaluate(observations, actions, batch, count), batch, smallest);
      return smallest.reduce((total, value) => total + value, 0);
    };
    sum();
    const values = critics.evaluate(observations, actions, batch, count).map((value) => value.slice());
    const isMixed = new Set(Array.from({ length: batch }, (_, i) => values.at(-1)![i] === smallest[i])).size === 2;
    expect(isMixed).toBe(count === 2);
    const dActions = kernel.float32(batch * actionSize);
    critics.backwardActions(-0.5, batch, dActions);
    for (let i = 0; i < dActions.length; i++) expectSlope(dActions[i], -0.5 * slopeAt(actions, i, sum), `action ${i}`);
    expect(ofCritics.gradients.every((gradient) => gradient === 0)).toBe(true);
  },
);

test("the policy's gradient of α log π − min Q through a drawn action is that of finite differences", () => {
  const { kernel, critics, actor, ofActor, observations, noise } = example(referenceKernel);
  const temperature = 0.3;
  const draw = { actions: kernel.float32(batch * actionSize), logProbs: kernel.float32(batch) };
  const smallest = kernel.float32(batch);
  const loss = () => {
    actor.sample(observations, noise, batch, draw);
    smallestOutputs(critics.evaluate(observations, draw.actions, batch), batch, smallest);
    return draw.logProbs.reduce((sum, logProb, i) => sum + (temperature * logProb - smallest[i]) / batch, 0);
  };
  loss();
  const dActions = kernel.float32(batch * actionSize);
  critics.backwardActions(-1 / batch, batch, dActions);
  actor.backward(dActions, kernel.float32(batch).fill(temperature / batch), batch);
  for (let i = 0; i < ofActor.parameters.length; i += 2) {
    expectSlope(ofActor.gradients[i], slopeAt(ofActor.parameters, i, loss, 5e-3), `parameter ${i}`);
  }
});

test("both kernels find the same slopes to 1e-6", () => {
  const [plain, fast] = [referenceKernel, wasmKernel].map((makeKernel) => {
    const { kernel, critics, actor, ofActor, observations, noise } = example(makeKernel);
    const draw = { actions: kernel.float32(batch * actionSize), logProbs: kernel.float32(batch) };
    const dActions = kernel.float32(batch * actionSize);
    actor.sample(observations, noise, batch, draw);
    critics.evaluate(observations, draw.actions, batch);
    critics.backwardActions(1, batch, dActions);
    actor.backward(dActions, draw.logProbs, batch);
    return [...dActions, ...ofActor.gradients];
  });
  plain.forEach((slope, i) => {
    expect(Math.abs(slope - fast[i]), `slope ${i}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
  });
});
