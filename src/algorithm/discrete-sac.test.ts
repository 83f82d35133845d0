import { expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { type Box, box, type Discrete, discrete } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { createTransitions } from "../rollout/transitions.ts";
import {
  createDiscreteSacNetworks,
  createDiscreteSacUpdate,
  discreteSac,
  discreteSacDefaults,
} from "./discrete-sac.ts";

/** Shows 1 and −1 in turn and pays 1 for choice 1 at the one, choice 0 at the other; only a time limit ends an episode. */
function choices(isMasked: boolean, seen: { action: number; reward: number }[] = []): Env<Box, Discrete> {
  let step = 0;
  const observe = () => Float32Array.of(step % 2 === 0 ? 1 : -1);
  const info = isMasked ? { actionMask: Uint8Array.of(1, 1, 0) } : {};
  return {
    id: "Choices",
    observationSpace: box({ low: -1, high: 1, shape: [1] }),
    actionSpace: discrete(3),
    reset() {
      step = 0;
      return { observation: observe(), info };
    },
    step(action) {
      const reward = Number(action === 1 - (step % 2));
      seen.push({ action, reward });
      step++;
      return { observation: observe(), reward, terminated: false, truncated: step % 21 === 0, info };
    },
  };
}

const options = { discount: 0.9, learningRate: 1e-2, hidden: [16], batchSize: 32, tau: 0.05, totalSteps: 2000 };
const greedy = { ...options, learnTemperature: false, initialTemperature: 1e-3 };

test("the better choice for ever is worth 1/(1 − γ) = 10, because truncation is bootstrapped", async () => {
  const seen: { action: number; reward: number }[] = [];
  let value = 0;
  for await (const { metrics } of discreteSac(() => choices(false, seen), greedy)) value = metrics.actionValue ?? 0;
  expect(seen.slice(-200).filter(({ reward }) => reward === 1).length).toBeGreaterThan(195);
  // A worse choice, of which the replay holds some, is worth 0 + γ · 10 = 9.
  expect(value).toBeGreaterThan(9.3);
  expect(value).toBeLessThan(10.3);
});

test("a learned temperature brings the entropy to its share of log n", async () => {
  let last = Number.NaN;
  const asked = { ...options, targetEntropyScale: 0.6, totalSteps: 4000 };
  for await (const { metrics } of discreteSac(() => choices(false), asked)) last = metrics.entropy ?? Number.NaN;
  // 0.6 · log 3 = 0.659
  expect(last).toBeGreaterThan(0.56);
  expect(last).toBeLessThan(0.76);
});

test("a forbidden action is never taken, neither by chance nor by the policy", async () => {
  const seen: { action: number; reward: number }[] = [];
  for await (const _ of discreteSac(() => choices(true, seen), { ...options, totalSteps: 1000, learningStarts: 300 }));
  expect(new Set(seen.map(({ action }) => action))).toEqual(new Set([0, 1]));
});

test("a forbidden action has no share in the entropy", async () => {
  const hot = { ...options, totalSteps: 1000, learnTemperature: false, initialTemperature: 10 };
  const entropy = async (isMasked: boolean) => {
    let last = Number.NaN;
    for await (const { metrics } of discreteSac(() => choices(isMasked), hot)) last = metrics.entropy ?? Number.NaN;
    return last;
  };
  // All but even chances, of two choices and of three: log 2 = 0.693, log 3 = 1.099.
  expect(await entropy(true)).toBeCloseTo(0.69, 1);
  expect(await entropy(false)).toBeCloseTo(1.1, 1);
});

test("whatever the networks make of a forbidden action, targets and losses are the same", () => {
  const update = (liking: number) => {
    const [kernel, random] = [wasmKernel({ bytes: 2 ** 22 }), createRandom(1)];
    const config = { ...discreteSacDefaults, hidden: [8], batchSize: 4, targetEntropy: 0.5 };
    const networks = createDiscreteSacNetworks(kernel, { observationSize: 1, actions: 3 }, config, 4, random);
    for (const network of [networks.actor, ...networks.critics, ...networks.targets]) {
      network.layers[1].bias[2] += liking;
    }
    const batch = createTransitions(
      kernel,
      vectorEnv(() => choices(true), 1),
      4,
    );
    batch.size = 4;
    batch.discounts.fill(0.9);
    for (const observations of [batch.observations, batch.nextObservations]) {
      for (let i = 0; i < 4; i++) observations[i] = random.normal();
    }
    for (const masks of [batch.masks, batch.nextMasks]) masks?.set([1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0]);
    return createDiscreteSacUpdate(kernel, networks, config)(batch, 1e-3, 0);
  };
  expect(update(5)).toEqual(update(0));
});

test("actions that are numbers are refused", async () => {
  const pendulum = () => make("Pendulum-v1") as unknown as Env<Box, Discrete>;
  await expect(discreteSac(pendulum).next()).rejects.toThrow("discrete-sac: actions must be discrete, got box.");
});
