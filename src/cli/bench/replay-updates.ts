import { createDeterministicNetworks } from "../../algorithm/deterministic-networks.ts";
import { createSacNetworks, createSacUpdate, sacDefaults } from "../../algorithm/sac.ts";
import { createTd3Update, td3Defaults } from "../../algorithm/td3.ts";
import { make } from "../../env/registry.ts";
import { vectorEnv } from "../../env/vector-env.ts";
import type { Kernel, MakeKernel } from "../../kernel/kernel.ts";
import { defaultBytes } from "../../kernel/memory.ts";
import { createRandom } from "../../math/random.ts";
import { fillWithNormals } from "../../policy/squashed-gaussian-actor.ts";
import { createTransitions } from "../../rollout/transitions.ts";
import { callsPerSecond } from "./measure.ts";
import { ofPeaks, type Peaks, type UpdateSpeed } from "./updates.ts";

const sizes: readonly (readonly [batch: number, width: number])[] = [
  [256, 64],
  [256, 256],
];

interface Work {
  readonly update: () => void;
  /** Of its matrix products. */
  readonly flops: number;
}

/** One gradient step of SAC in Pendulum-v1: draws, all networks there and back, Adam, Polyak. */
export function sacUpdateSpeeds(makeKernel: MakeKernel, peaks: Peaks, seconds: number): UpdateSpeed[] {
  return speeds(sacWork, makeKernel, peaks, seconds);
}

/** The same of TD3, whose policy has its turn every other time. */
export function td3UpdateSpeeds(makeKernel: MakeKernel, peaks: Peaks, seconds: number): UpdateSpeed[] {
  return speeds(td3Work, makeKernel, peaks, seconds);
}

function speeds(work: typeof sacWork, makeKernel: MakeKernel, peaks: Peaks, seconds: number): UpdateSpeed[] {
  return sizes.map(([batch, width]) => {
    const hidden = [width, width];
    const { update, flops } = work(makeKernel({ bytes: defaultBytes }), batch, hidden);
    const { median } = callsPerSecond(update, seconds);
    return ofPeaks({ batch, hidden, milliseconds: 1000 / median, gflops: (flops * median) / 1e9 }, peaks);
  });
}

function sacWork(kernel: Kernel, batchSize: number, hidden: readonly number[]): Work {
  const { batch, envs, random, numbers } = experience(kernel, batchSize);
  const config = { ...sacDefaults, batchSize, hidden, targetEntropy: -1 };
  const networks = createSacNetworks(kernel, envs, config, batchSize, random);
  const update = createSacUpdate(kernel, networks, config);
  const noise = { now: numbers(envs.actionSize), next: numbers(envs.actionSize) };

  const actor = productFlops(batchSize, [envs.observationSize, ...hidden, 2 * envs.actionSize]);
  const critic = productFlops(batchSize, [envs.observationSize + envs.actionSize, ...hidden, 1]);
  return {
    update: () => {
      fillWithNormals(noise.now, random);
      fillWithNormals(noise.next, random);
      update(batch, noise, 1e-6, 0);
    },
    // The actor at s and s′ and back; each critic as target, in its own step there and back, and under the actor; one way back to a.
    flops: 3 * actor.all + actor.inner + 2 * (4 * critic.all + critic.inner) + critic.inner,
  };
}

function td3Work(kernel: Kernel, batchSize: number, hidden: readonly number[]): Work {
  const { batch, envs, random, numbers } = experience(kernel, batchSize);
  const config = { ...td3Defaults, batchSize, hidden };
  const networks = createDeterministicNetworks(kernel, envs, config, 2, batchSize, random);
  const update = createTd3Update(kernel, networks, config);
  const noise = numbers(envs.actionSize);
  let updates = 0;

  const actor = productFlops(batchSize, [envs.observationSize, ...hidden, envs.actionSize]);
  const critic = productFlops(batchSize, [envs.observationSize + envs.actionSize, ...hidden, 1]);
  return {
    update: () => {
      fillWithNormals(noise, random);
      update(batch, noise, ++updates % config.policyDelay === 0, 1e-6, 0);
    },
    // The target actor; each critic as target, and in its own step there and back; every other time, the actor through one critic.
    flops:
      actor.all + 2 * (3 * critic.all + critic.inner) + (2 * actor.all + actor.inner + critic.all + critic.inner) / 2,
  };
}

function experience(kernel: Kernel, batchSize: number) {
  const random = createRandom(0);
  const envs = vectorEnv(() => make("Pendulum-v1"), 1);
  const batch = createTransitions(kernel, envs, batchSize);
  batch.size = batchSize;
  for (const column of [batch.observations, batch.nextObservations, batch.rewards]) fillWithNormals(column, random);
  for (let i = 0; i < batch.actions.length; i++) batch.actions[i] = 2 * random.uniform() - 1;
  batch.discounts.fill(0.99);
  const numbers = (each: number) => kernel.float32(batchSize * each);
  return { batch, envs, random, numbers };
}

/** Of one pass through all layers, and of one that leaves out the first: 2 · batch · inputs · outputs each. */
function productFlops(batch: number, sizes: readonly number[]): { readonly all: number; readonly inner: number } {
  const layers = sizes.slice(1).map((outputs, i) => 2 * batch * sizes[i] * outputs);
  const all = layers.reduce((sum, flops) => sum + flops, 0);
  return { all, inner: all - layers[0] };
}
