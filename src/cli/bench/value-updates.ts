import { createDqnUpdate, dqnDefaults } from "../../algorithm/dqn.ts";
import { make } from "../../env/registry.ts";
import { vectorEnv } from "../../env/vector-env.ts";
import type { Kernel, MakeKernel } from "../../kernel/kernel.ts";
import { defaultBytes } from "../../kernel/memory.ts";
import { createRandom } from "../../math/random.ts";
import { adam } from "../../optimizer/adam.ts";
import { createActionValues } from "../../policy/action-values.ts";
import { createReplay } from "../../rollout/replay.ts";
import { createTransitions } from "../../rollout/transitions.ts";
import { callsPerSecond } from "./measure.ts";
import { ofPeaks, type Peaks, type PlainSpeed, type UpdateSpeed, updateFlops } from "./updates.ts";

const sizes: readonly (readonly [batch: number, width: number])[] = [
  [32, 64],
  [64, 256],
  [256, 256],
];

/** One gradient step of DQN, all of it: draw, target network, forward, loss, backward, clip, Adam. */
export function valueUpdateSpeeds(makeKernel: MakeKernel, peaks: Peaks, seconds: number): UpdateSpeed[] {
  return sizes.map(([batch, width]) => {
    const kernel = makeKernel({ bytes: defaultBytes });
    return ofPeaks(valueUpdateSpeed(kernel, batch, [width, width], seconds), peaks);
  });
}

function valueUpdateSpeed(kernel: Kernel, batchSize: number, hidden: readonly number[], seconds: number): PlainSpeed {
  const envs = vectorEnv(() => make("CartPole-v1"), 1);
  const random = createRandom(0);
  const config = { ...dqnDefaults, hidden, batchSize };
  const policy = createActionValues(kernel, envs, config, batchSize, random.split());
  const optimizer = adam(kernel, policy.parameters, policy.gradients);
  const replay = createReplay(kernel, envs, { capacity: 10_000, discount: config.discount });
  const batch = createTransitions(kernel, envs, batchSize);
  const action = new Float32Array(1);
  envs.reset(0);
  replay.begin(envs);
  for (let step = 0; step < 5000; step++) {
    action[0] = random.integer(2);
    envs.step(action);
    replay.add(envs, action);
  }
  const update = createDqnUpdate(kernel, policy, optimizer, config);
  const steps = callsPerSecond(() => {
    replay.sample(batchSize, random, batch);
    update(batch, 1e-6, 0);
  }, seconds).median;
  const gflops = ((updateFlops(batchSize, 4, hidden, 2) + forwardFlops(batchSize, 4, hidden, 2)) * steps) / 1e9;
  return { batch: batchSize, hidden, milliseconds: 1000 / steps, gflops };
}

function forwardFlops(batch: number, inputs: number, hidden: readonly number[], outputs: number): number {
  const sizes = [inputs, ...hidden, outputs];
  return sizes.slice(1).reduce((flops, width, i) => flops + 2 * batch * sizes[i] * width, 0);
}
