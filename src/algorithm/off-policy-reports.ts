import type { Space } from "../env/space.ts";
import type { Policy } from "../policy/policy.ts";
import type { MetricName, Report } from "./algorithm.ts";
import type { OffPolicy } from "./off-policy.ts";
import { type RunState, takeSnapshot } from "./state.ts";

/** What gradient steps say of themselves, in means from one report to the next. */
export interface Reports<O extends Space, A extends Space, Name extends MetricName> {
  /** Takes note of a gradient step. What it says nothing of is left out of the mean. */
  note(changes: Readonly<Partial<Record<Name, number>>>): void;
  /** What has come about since the last report, and `more`. */
  next(more?: Report["metrics"]): Report<O, A>;
}

/** `names` are the metrics that are kept of what is noted. */
export function createReports<O extends Space, A extends Space, Name extends MetricName>(
  learner: Pick<OffPolicy<O, A>, "envs" | "progress" | "totalSteps" | "learningRate">,
  policy: Policy<O, A>,
  state: RunState,
  names: readonly Name[],
): Reports<O, A, Name> {
  const { envs, progress, totalSteps } = learner;
  const sums = new Float64Array(names.length);
  const counts = new Int32Array(names.length);

  function means(): Partial<Record<MetricName, number>> {
    const measured = names.flatMap((name, i) => (counts[i] > 0 ? [[name, sums[i] / counts[i]] as const] : []));
    sums.fill(0);
    counts.fill(0);
    return Object.fromEntries(measured) as Partial<Record<MetricName, number>>;
  }

  return {
    note(changes) {
      progress.updates++;
      for (let i = 0; i < names.length; i++) {
        const value = changes[names[i]];
        if (value === undefined) continue;
        sums[i] += value;
        counts[i]++;
      }
    },

    next: (more = {}) => ({
      steps: progress.steps,
      totalSteps,
      policy,
      episodes: envs.drainEpisodes(),
      metrics: { ...means(), ...more, updates: progress.updates, learningRate: learner.learningRate() },
      snapshot: () => takeSnapshot(state),
    }),
  };
}
