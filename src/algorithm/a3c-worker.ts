/**
 * The actor-learner of asynchronous advantage actor-critic.
 * Mnih et al. 2016, https://arxiv.org/abs/1602.01783, Algorithm S3: "pseudocode for each actor-learner thread".
 */
import type { Env, Episode, Recipe } from "../env/env.ts";
import { makerIn } from "../env/environment-module.ts";
import { make } from "../env/registry.ts";
import type { Space } from "../env/space.ts";
import { gae } from "../estimate/gae.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createAverages } from "../math/averages.ts";
import type { RandomState } from "../math/random.ts";
import { scheduled } from "../math/schedule.ts";
import { sharedRmsProp } from "../optimizer/shared-rms-prop.ts";
import { createA2cUpdate } from "./a2c.ts";
import type { SharedState } from "./a3c-shared.ts";
import type { MetricName, Session } from "./algorithm.ts";
import { type OnPolicy, prepareOnPolicy } from "./on-policy.ts";
import { rolloutMetrics } from "./rollout-metrics.ts";
import type { SharedConfig } from "./shared-options.ts";
import type { Outcome, Question } from "./worker-host.ts";

/** The options that a worker heeds. */
export interface ActorConfig extends Omit<SharedConfig, "optimizer" | "normalizeObservations" | "normalizeRewards"> {
  readonly horizon: number;
  readonly meanSquareDecay: number;
}

/** Which worker of a team this is. */
export interface Position {
  /** From 0; one that replaces another takes its index. */
  readonly index: number;
  /** From 0, among all that ever were. */
  readonly place: number;
  /** Where it goes on, or null. */
  readonly state: ActorState | null;
}

/** What the workers are to do together until they next meet. */
export interface Share {
  /** T: environment steps taken before. */
  readonly steps: number;
  /** T_max */
  readonly totalSteps: number;
  readonly rollouts: number;
}

/** What one of them did of it. */
export interface ShareReport {
  readonly updates: number;
  /** Means over its updates. */
  readonly metrics: Readonly<Partial<Record<MetricName, number>>>;
  readonly episodes: readonly Episode[];
  /** Where it stands. */
  readonly state: ActorState;
}

/** All of a worker that decides its future, as JSON. */
export interface ActorState {
  readonly envs: unknown;
  readonly acting: RandomState;
}

/** What each update tells of itself. */
const measures: readonly MetricName[] = [
  "policyLoss",
  "valueLoss",
  "entropy",
  "gradientNorm",
  "advantageDeviation",
  "observationScale",
  "learningRate",
];
const gaussianMeasures: readonly MetricName[] = ["standardDeviation", "saturatedFraction"];

/** An environment of its own and θ′, fresh. The n-th worker of a run has the n-th stream of chance. */
export function prepareActor<O extends Space, A extends Space>(
  makeEnv: () => Env<O, A>,
  config: ActorConfig,
  session: Session,
  place = 0,
): OnPolicy<O, A> {
  // θ has its optimiser, and θ′ needs none: sgd remembers nothing.
  const unused = { optimizer: "sgd", normalizeObservations: false, normalizeRewards: false } as const;
  const actor = prepareOnPolicy(makeEnv, { ...config, ...unused }, config.numEnvs * config.horizon, session);
  for (let i = 0; i < place; i++) actor.acting.restore(actor.random.split().snapshot());
  return actor;
}

/**
 * Begins where `state` left off, or with new episodes; then does its part of each share that it is given.
 * `home` is a kernel that can compute in the shared memory.
 */
export function createActorLearner(
  actor: OnPolicy<Space, Space>,
  config: ActorConfig,
  shared: SharedState,
  home: Kernel,
  { index, place, state }: Position,
): (share: Share) => ShareReport {
  const { kernel, envs, policy, rollout, collect, estimates, batch, acting } = actor;
  const stepsPerRollout = actor.stepsPerIteration;
  const optimizer = sharedRmsProp(home, shared, shared.gradients[index], policy.gradients, {
    decay: config.meanSquareDecay,
    epsilon: config.optimizerEpsilon,
  });
  const update = createA2cUpdate(kernel, policy, optimizer, batch, { ...config, normalizeAdvantages: false }, "a3c");
  if (state) {
    envs.restore(state.envs);
    acting.restore(state.acting);
  } else envs.reset(config.seed + place * config.numEnvs);

  return function work({ steps, totalSteps, rollouts }) {
    const means = createAverages(...measures, ...(policy.logStd ? gaussianMeasures : []));
    let updates = 0;
    for (let begun = begin(shared); begun < rollouts; begun = begin(shared)) {
      const now = steps + begun * stepsPerRollout;
      const learningRate = config.learningRate * scheduled(config.learningRateSchedule, now / totalSteps);

      // Synchronise θ′ = θ.
      policy.parameters.set(shared.parameters);
      // Perform aₜ according to π(aₜ|sₜ; θ′), t_max times.
      collect(rollout);
      // R ← rᵢ + γR, backwards from 0 for a terminal s, from V(s; θ′) for any other.
      gae(kernel, rollout, { discount: config.discount, lambda: 1 }, estimates);
      const measured = rolloutMetrics(rollout, estimates.advantages, policy);
      // Accumulate dθ over the rollout, and update θ with it, asynchronously.
      const changes = update(learningRate, now + stepsPerRollout);

      updates++;
      for (const [name, value] of Object.entries({ ...measured, ...changes, learningRate })) {
        means.add(name as MetricName, value);
      }
    }
    const episodes = envs.drainEpisodes();
    return { updates, metrics: means.all(), episodes, state: { envs: envs.snapshot(), acting: acting.snapshot() } };
  };
}

/** T ← T + t_max, at once for all threads. */
function begin({ begun }: SharedState): number {
  return Atomics.add(begun, 0, 1);
}

/** How a thread makes its environment: by its name, or by the module whose URL this is. */
export type EnvironmentSource =
  | { readonly kind: "recipe"; readonly recipe: Recipe }
  | { readonly kind: "module"; readonly url: string };

/** All that a thread needs to become the n-th worker. */
export interface ActorTask extends Position {
  readonly environment: EnvironmentSource;
  /** As the environment of the run names itself. */
  readonly environmentId: string;
  readonly config: ActorConfig;
  readonly shared: SharedState;
}

/** What a thread answers: the whole of a worker's life. */
export function createA3cWorker(): (question: Question) => Promise<Outcome> {
  let work: ((share: Share) => ShareReport) | null = null;
  return async function answer(question) {
    try {
      if (question.kind === "prepare") work = await prepare(question.task as ActorTask);
      return { kind: "answered", answer: question.kind === "work" ? work?.(question.request as Share) : null };
    } catch (error) {
      if (!(error instanceof Error)) return { kind: "failed", name: "Error", message: String(error) };
      return { kind: "failed", name: error.name, message: error.message };
    }
  };
}

async function prepare(task: ActorTask): Promise<(share: Share) => ShareReport> {
  const { environment, environmentId, config, shared, place } = task;
  const makeEnv = await findMaker(environment);
  const actor = prepareActor(makeEnv, config, { kernel: shared.memory ? wasmKernel : referenceKernel }, place);
  const home = shared.memory ? wasmKernel({ memory: shared.memory }) : actor.kernel;
  const [found, wanted] = [actor.policy.parameters.length, shared.parameters.length];
  if (actor.envs.id === environmentId && found === wanted) return createActorLearner(actor, config, shared, home, task);
  throw new TypeError(
    `the environment must be ${environmentId}, for ${wanted} parameters, as in the run; ` +
      `${sourceName(environment)} makes ${actor.envs.id}, for ${found}.`,
  );
}

async function findMaker(source: EnvironmentSource): Promise<() => Env> {
  if (source.kind === "recipe") return () => make(source.recipe.id, source.recipe);
  const maker = makerIn(await import(/* @vite-ignore */ source.url));
  if (maker) return maker;
  throw new TypeError(`${source.url} must export a function that makes an environment, as default, make or env.`);
}

function sourceName(source: EnvironmentSource): string {
  return source.kind === "recipe" ? `make("${source.recipe.id}")` : source.url;
}
