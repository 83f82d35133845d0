/**
 * Asynchronous advantage actor-critic.
 * Mnih et al. 2016, https://arxiv.org/abs/1602.01783, Algorithm S3: this file lets the actor-learners of a3c-worker.ts work
 * and tells, whenever they meet, what they did.
 */
import type { Env, Episode } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { createSolo, createTeam, requireThreads, sourceOf, type Team, threadKernelOf } from "./a3c-team.ts";
import { type ActorState, createActorLearner, prepareActor, type SharedState, type ShareReport } from "./a3c-worker.ts";
import type { FlatAction, MetricName, Report, Session } from "./algorithm.ts";
import { positiveInteger, type Rules, resolveConfig, unitInterval } from "./config.ts";
import type { OnPolicy } from "./on-policy.ts";
import { sharedDefaults, sharedRules } from "./shared-options.ts";
import { recordPart, restoreSnapshot, takeSnapshot } from "./state.ts";

const { optimizer: _o, normalizeObservations: _n, normalizeRewards: _r, ...asynchronousDefaults } = sharedDefaults;
const { optimizer: _p, normalizeObservations: _m, normalizeRewards: _s, ...asynchronousRules } = sharedRules;

/** The paper's, but for a longest gradient of 40 over sums, which is 8 over the means of five steps. */
export const a3cDefaults = {
  ...asynchronousDefaults,
  /** Actor-learners, each in a thread of its own. Only one is reproducible. */
  workers: 2,
  /** N: environments that each worker steps together; the paper's has one. */
  numEnvs: 1,
  /** t_max: steps per environment between updates. */
  horizon: 5,
  /** Environment steps between reports, at which all workers meet. */
  reportSteps: 4000,
  learningRate: 1e-3,
  learningRateSchedule: "linear" as (typeof sharedDefaults)["learningRateSchedule"],
  entropyCoefficient: 0.01,
  maxGradientNorm: 8,
  /** α of the shared RMSProp: how much of the mean square is kept. */
  meanSquareDecay: 0.99,
};

export type A3cConfig = typeof a3cDefaults;

const rules: Rules<A3cConfig> = {
  ...asynchronousRules,
  workers: positiveInteger,
  horizon: positiveInteger,
  reportSteps: positiveInteger,
  meanSquareDecay: unitInterval,
};

/** Yields every `reportSteps` steps. Takes any action space but Dict and Tuple. */
export async function* a3c<O extends Space, A extends FlatAction>(
  makeEnv: () => Env<O, A>,
  options: Partial<A3cConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("a3c", a3cDefaults, options, rules);
  requireThreads(config.workers, session.workerHost);
  const here = prepareActor(makeEnv, config, session);
  const { policy, stepsPerIteration: stepsPerRollout } = here;
  const shared = share(policy.parameters, session.workerHost !== undefined);
  const rollouts = Math.max(1, Math.floor(config.reportSteps / stepsPerRollout));
  const stepsPerIteration = rollouts * stepsPerRollout;
  const iterations = Math.max(1, Math.floor(config.totalSteps / stepsPerIteration));

  const progress = { iteration: 0, replaced: 0 };
  const standing = standingOf(config.workers);
  const state = {
    arrays: { parameters: shared.parameters, meanSquare: shared.meanSquare },
    parts: { progress: recordPart(progress), workers: standing },
  };
  if (session.resume) restoreSnapshot("a3c", state, session.resume);

  const team = await assemble(makeEnv, here, config, shared, session, progress.replaced, standing.states);
  try {
    while (progress.iteration < iterations) {
      // Each worker does rollout after rollout, until this many are done by all.
      const [steps, totalSteps] = [progress.iteration * stepsPerIteration, iterations * stepsPerIteration];
      const { reports, replaced } = await team.work({ steps, totalSteps, rollouts });

      policy.parameters.set(shared.parameters);
      standing.states = reports.map((report) => report.state);
      progress.replaced += replaced;
      progress.iteration++;
      yield {
        steps: steps + stepsPerIteration,
        totalSteps,
        policy,
        episodes: episodesOf(reports, config.numEnvs),
        metrics: { ...meansOf(reports), workersReplaced: progress.replaced },
        ...whyIrreproducible(config.workers, progress.replaced),
        snapshot: () => takeSnapshot(state),
      };
    }
  } finally {
    await team.end();
  }
}

/** Memory for θ and its statistics, from these parameters; with `threads`, memory that all of them see. */
function share(parameters: Float32Array, threads: boolean): SharedState {
  const memory = (length: number) => (threads ? new SharedArrayBuffer(4 * length) : new ArrayBuffer(4 * length));
  const shared = {
    parameters: new Float32Array(memory(parameters.length)),
    meanSquare: new Float32Array(memory(parameters.length)),
    begun: new Int32Array(memory(1)),
  };
  shared.parameters.set(parameters);
  return shared;
}

/** Where each worker stood when all last met; null before. */
function standingOf(workers: number) {
  return {
    states: null as readonly ActorState[] | null,
    snapshot() {
      return this.states;
    },
    restore(saved: readonly ActorState[]) {
      if (saved.length !== workers) {
        throw new RangeError(
          `a3c: cannot resume: the snapshot is of ${saved.length} workers, these options ask for ${workers}.`,
        );
      }
      this.states = saved;
    },
  };
}

/** Threads where there is a host for them; else one worker, here. */
async function assemble<O extends Space, A extends Space>(
  makeEnv: () => Env<O, A>,
  here: OnPolicy<O, A>,
  config: A3cConfig,
  shared: SharedState,
  { workerHost }: Session,
  replaced: number,
  states: readonly ActorState[] | null,
): Promise<Team> {
  if (!workerHost) {
    return createSolo(shared, createActorLearner(here, config, shared, { place: 0, state: states?.[0] ?? null }));
  }
  here.envs.close();
  const env = makeEnv();
  env.close?.();
  const task = {
    environment: sourceOf(env, workerHost),
    environmentId: env.id,
    kernel: threadKernelOf(here.kernel.name),
    config,
    shared,
  };
  return createTeam(workerHost, { count: config.workers, replaced, states, task });
}

function whyIrreproducible(workers: number, replaced: number): Pick<Report, "irreproducible"> {
  if (workers > 1)
    return { irreproducible: `${workers} workers change the parameters in an order that is left to chance` };
  return replaced > 0 ? { irreproducible: "a worker died on the way, and another went on in its place" } : {};
}

/** Sub-environment i of worker w counts as w·N + i. */
function episodesOf(reports: readonly ShareReport[], numEnvs: number): Episode[] {
  return reports.flatMap(({ episodes }, worker) =>
    episodes.map((episode) => ({ ...episode, index: worker * numEnvs + episode.index })),
  );
}

/** Over all updates, whoever made them. */
function meansOf(reports: readonly ShareReport[]): Partial<Record<MetricName, number>> {
  const updates = reports.reduce((sum, report) => sum + report.updates, 0);
  const means: Partial<Record<MetricName, number>> = {};
  for (const report of reports) {
    for (const [name, value] of Object.entries(report.metrics) as [MetricName, number][]) {
      means[name] = (means[name] ?? 0) + (value * report.updates) / updates;
    }
  }
  return means;
}
