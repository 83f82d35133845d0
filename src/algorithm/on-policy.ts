import type { Env, VectorEnv } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import type { Estimates } from "../estimate/gae.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { createRandom, type Random } from "../math/random.ts";
import { createOptimizer } from "../optimizer/create-optimizer.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import { type ActorCritic, createActorCritic } from "../policy/actor-critic.ts";
import { type Batch, wholeBatch } from "../rollout/minibatches.ts";
import { type Collect, createCollector, createRollout, type Rollout } from "../rollout/rollout.ts";
import type { Session } from "./algorithm.ts";
import { reservation } from "./reservation.ts";
import { sessionKernel } from "./session-kernel.ts";
import type { SharedConfig } from "./shared-options.ts";
import { trainingEnvs } from "./training-envs.ts";

/** What an algorithm that learns from rollouts of T steps in N environments works with. */
export interface OnPolicy<O extends Space, A extends Space> {
  readonly kernel: Kernel;
  readonly envs: VectorEnv<O, A>;
  readonly policy: ActorCritic<O, A>;
  readonly optimizer: Optimizer;
  readonly rollout: Rollout;
  readonly collect: Collect;
  readonly estimates: Estimates;
  /** The rollout's rows with their estimates, in place. */
  readonly batch: Batch;
  /** Draws the actions. */
  readonly acting: Random;
  /** Whence further streams are split. */
  readonly random: Random;
  readonly stepsPerIteration: number;
  readonly iterations: number;
}

/** What of the shared options it takes to gather experience and to learn from it, whatever is learned. */
export type OnPolicyConfig = Omit<SharedConfig, "valueCoefficient" | "entropyCoefficient" | "maxGradientNorm"> & {
  readonly horizon: number;
};

/** All of it, fresh; networks take up to `maxBatch` rows at a time. The optimizer moves everything, or the critic alone. */
export function prepareOnPolicy<O extends Space, A extends Space>(
  makeEnv: () => Env<O, A>,
  config: OnPolicyConfig,
  maxBatch: number,
  session: Session,
  optimized: "all" | "critic" = "all",
): OnPolicy<O, A> {
  const stepsPerIteration = config.numEnvs * config.horizon;
  const random = createRandom(config.seed);
  const [initial, acting] = [random.split(), random.split()];
  const envs = trainingEnvs(makeEnv, config);
  const kernel = sessionKernel(session, reservation(envs, config.hidden, { rows: stepsPerIteration, maxBatch }));
  const policy = createActorCritic(kernel, envs, config, maxBatch, initial);
  const rollout = createRollout(kernel, envs, config.horizon);
  const estimates = { advantages: kernel.float32(stepsPerIteration), returns: kernel.float32(stepsPerIteration) };
  return {
    kernel,
    envs,
    policy,
    optimizer: createOptimizer(
      config.optimizer,
      kernel,
      optimized === "all" ? policy : policy.critic,
      config.optimizerEpsilon,
    ),
    rollout,
    collect: createCollector(kernel, envs, policy, acting),
    estimates,
    batch: wholeBatch(rollout, estimates.advantages, estimates.returns),
    acting,
    random,
    stepsPerIteration,
    iterations: Math.max(1, Math.floor(config.totalSteps / stepsPerIteration)),
  };
}
