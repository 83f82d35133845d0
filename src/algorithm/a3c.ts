/**
 * Asynchronous advantage actor-critic.
 * Mnih et al. 2016, https://arxiv.org/abs/1602.01783, Algorithm S3: this file lets the actor-learners of a3c-worker.ts work
 * and tells, whenever they meet, what they did.
 */
import type { Env, Episode } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { shareParameters } from "./a3c-shared.ts";
import { createSolo, createTeam, requireThreads } from "./a3c-team.ts";
import { type ActorState, prepareActor, type ShareReport } from "./a3c-worker.ts";
import type { FlatAction, MetricName, Report, Session } from "./algorithm.ts";
import { positiveInteger, type Rules, resolveConfig, unitInterval } from "./config.ts";
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

/** Yields every `reportSteps` steps, and at the end. Takes any action space but Dict and Tuple. */
export async function* a3c<O extends Space, A extends FlatAction>(
  makeEnv: () => Env<O, A>,
  options: Partial<A3cConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("a3c", a3cDefaults, options, rules);
  const { workers } = config;
  requireThreads(workers, session.workerHost);
  const here = prepareActor(makeEnv, config, session);
  const { kernel, policy, stepsPerIteration: stepsPerRollout } = here;
  const shared = shareParameters(policy.parameters, kernel, { workers, threads: session.workerHost !== undefined });
  const wholeRollouts = (steps: number) => Math.max(1, Math.floor(steps / stepsPerRollout));
  const [inAll, perReport] = [wholeRollouts(config.totalSteps), wholeRollouts(config.reportSteps)];
  const totalSteps = inAll * stepsPerRollout;

  const progress = { rollouts: 0, replaced: 0 };
  const standing = createStanding(workers);
  const state = {
    arrays: { parameters: shared.parameters, meanSquare: shared.meanSquare },
    parts: { progress: recordPart(progress), workers: standing },
  };
  if (session.resume) restoreSnapshot("a3c", state, session.resume);

  if (session.workerHost) here.envs.close(); // each thread has its own
  const plan = { config, shared, workers, replaced: progress.replaced, states: standing.states() };
  const team = session.workerHost ? await createTeam(session.workerHost, makeEnv, plan) : createSolo(here, plan);
  try {
    while (progress.rollouts < inAll) {
      // The workers do rollout after rollout, until this many are done by all.
      const rollouts = Math.min(perReport, inAll - progress.rollouts);
      const steps = progress.rollouts * stepsPerRollout;
      const { reports, replaced } = await team.work({ steps, totalSteps, rollouts });

      policy.parameters.set(shared.parameters);
      standing.restore(reports.map((report) => report.state));
      progress.replaced += replaced;
      progress.rollouts += rollouts;
      yield {
        steps: progress.rollouts * stepsPerRollout,
        totalSteps,
        policy,
        episodes: episodesOf(reports, config.numEnvs),
        metrics: { ...meansOf(reports), workersReplaced: progress.replaced },
        ...whyIrreproducible(workers, progress.replaced),
        snapshot: () => takeSnapshot(state),
      };
    }
  } finally {
    await team.end();
  }
}

/** Where each worker stood when all last met; null before. */
function createStanding(workers: number) {
  let states: readonly ActorState[] | null = null;
  return {
    states: () => states,
    snapshot: () => states,
    restore(saved: readonly ActorState[]) {
      states = saved;
      if (saved.length === workers) return;
      throw new RangeError(
        `a3c: cannot resume: the snapshot is of ${saved.length} workers, these options ask for ${workers}.`,
      );
    },
  };
}

function whyIrreproducible(workers: number, replaced: number): Pick<Report, "irreproducible"> {
  const [order, death] = ["change the parameters in an order that is left to chance", "a worker died on the way"];
  if (workers > 1) return { irreproducible: `${workers} workers ${order}` };
  return replaced > 0 ? { irreproducible: `${death}, and another went on in its place` } : {};
}

/** Sub-environment i of worker w counts as w·N + i. */
function episodesOf(reports: readonly ShareReport[], numEnvs: number): Episode[] {
  return reports.flatMap(({ episodes }, worker) =>
    episodes.map((episode) => ({ ...episode, index: worker * numEnvs + episode.index })),
  );
}

/** Over all updates, whoever made them; nothing where none is known of, because those who made them died. */
function meansOf(reports: readonly ShareReport[]): Partial<Record<MetricName, number>> {
  const updates = reports.reduce((sum, report) => sum + report.updates, 0);
  const means: Partial<Record<MetricName, number>> = {};
  if (updates === 0) return means;
  for (const report of reports) {
    for (const [name, value] of Object.entries(report.metrics) as [MetricName, number][]) {
      means[name] = (means[name] ?? 0) + (value * report.updates) / updates;
    }
  }
  return means;
}
