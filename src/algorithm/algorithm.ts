import type { Env, Episode } from "../env/env.ts";
import type { Box, Discrete, MultiBinary, MultiDiscrete, Space } from "../env/space.ts";
import type { Kernel, MakeKernel } from "../kernel/kernel.ts";
import type { Snapshot } from "../math/snapshot.ts";
import type { Policy } from "../policy/policy.ts";
import type { WorkerHost } from "./worker-host.ts";

/** The action spaces that one network output layer can serve. */
export type FlatAction = Discrete | MultiDiscrete | MultiBinary | Box;

/** What an algorithm says after each iteration. */
export interface Report<O extends Space = Space, A extends Space = Space> {
  /** Environment steps so far, summed over environments. */
  readonly steps: number;
  /** Of `totalSteps`, as the algorithm rounds it to whole iterations. */
  readonly totalSteps: number;
  /** Learning goes on, though no more steps are taken: a report that is not the last, at the last step. */
  readonly goesOn?: boolean;
  /** The live policy: copy its arrays to keep them. */
  readonly policy: Policy<O, A>;
  /** Episodes that ended in this iteration, before any normalisation of rewards. */
  readonly episodes: readonly Episode[];
  /** Means over the iteration; the names are `MetricName`s. */
  readonly metrics: Readonly<Partial<Record<MetricName, number>>>;
  /** Why the same seed need not give the same bytes, in words; without it, it does. */
  readonly irreproducible?: string;
  /** All that decides the rest of the run; a generator given it as `resume` goes on to the same bytes. */
  snapshot(): Snapshot;
}

/** The words every algorithm shares for what it measures. */
export type MetricName =
  /** Of the last minibatch: policyLoss + c₁ valueLoss − c₂ entropy. */
  | "loss"
  | "policyLoss"
  | "valueLoss"
  | "entropy"
  /** KL(π_old ‖ π), the k3 estimate unless an algorithm says otherwise. */
  | "kl"
  | "clippedFraction"
  /** Before clipping. */
  | "gradientNorm"
  /** 1 − Var(returns − values) / Var(returns) */
  | "explainedVariance"
  | "learningRate"
  /** Standard deviation of the advantages before they are normalised. */
  | "advantageDeviation"
  /** Largest |observation| a network was fed. */
  | "observationScale"
  /** Share of Box actions at or beyond a bound. */
  | "saturatedFraction"
  /** Of the Gaussian, mean over dimensions. */
  | "standardDeviation"
  /** β of the adaptive KL penalty. */
  | "klCoefficient"
  /** Mean Q(s, a) of the transitions learned from. */
  | "actionValue"
  /** Mean |δ|: what the targets say beyond the values. */
  | "temporalDifference"
  /** ε: share of actions taken by chance. */
  | "exploration"
  /** α of the maximum-entropy objective. */
  | "temperature"
  /** Gradient steps so far. */
  | "updates"
  /** Of TRPO's longest step, what was taken; 0 where none was accepted. */
  | "stepFraction"
  /** Threads that died and were replaced, in the whole run so far. */
  | "workersReplaced";

/** What a run hands an algorithm beside its options. */
export interface Session {
  /** Where the arithmetic is done, or what makes such a place of the size that is needed: `wasmKernel` unless given. */
  readonly kernel?: Kernel | MakeKernel;
  /** Go on from here instead of from the seed. */
  readonly resume?: Snapshot;
  /** Threads, for an algorithm that can use them. */
  readonly workerHost?: WorkerHost;
}

/** A paper: environments in, reports out. `A` names the action spaces that it can handle, `O` the observations. */
export type Algorithm<Config, A extends Space = Space, O extends Space = Space> = <P extends O, B extends A>(
  makeEnv: () => Env<P, B>,
  options?: Partial<Config>,
  session?: Session,
) => AsyncGenerator<Report<P, B>, void, void>;

/** Tuned options for one environment, with where they come from. */
export interface Preset<Config> {
  readonly source: string;
  readonly options: Partial<Config>;
}

/** What the command line, a run and the documentation need to know of an algorithm. */
export interface AlgorithmEntry<
  Config = Readonly<Record<string, unknown>>,
  A extends Space = Space,
  O extends Space = Space,
> {
  /** As typed on the command line: "ppo". */
  readonly name: string;
  /** In full: "Proximal policy optimization". */
  readonly title: string;
  readonly run: Algorithm<Config, A, O>;
  readonly defaults: Config;
  /** By environment id. */
  readonly presets: Readonly<Record<string, Preset<Config>>>;
  /** The kinds of action space that `run` takes. */
  readonly actionSpaces: readonly Space["kind"][];
  /** The kinds of observation space that it takes. */
  readonly observationSpaces: readonly Space["kind"][];
}
