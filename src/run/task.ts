import type { Report, Session } from "../algorithm/algorithm.ts";
import type { WorkerHost } from "../algorithm/worker-host.ts";
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import type { Platform } from "./platform.ts";
import type { Store } from "./store.ts";

/** An algorithm, seen from an environment it can handle. */
export type Trainer<Config, O extends Space, A extends Space> = (
  makeEnv: () => Env<O, A>,
  options?: Partial<Config>,
  session?: Session,
) => AsyncGenerator<Report<O, A>, void, void>;

/** What a run needs to know of an algorithm; an `AlgorithmEntry` is one. */
export interface TrainerEntry<Config, O extends Space, A extends Space> {
  readonly name: string;
  readonly run: Trainer<Config, O, A>;
  readonly defaults: Config;
}

/** What to train, and in what. */
export interface Task<Config, O extends Space, A extends Space> {
  readonly algorithm: TrainerEntry<Config, NoInfer<O>, NoInfer<A>>;
  readonly makeEnv: () => Env<O, A>;
  /** Where the arithmetic is done; the algorithm's own choice unless given. */
  readonly kernel?: Session["kernel"] | undefined;
}

/** Where a run lives, and how to stop it. */
export interface RunHost {
  readonly store: Store;
  readonly platform: Platform;
  /** An AbortSignal, or anything like it. */
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Threads, for an algorithm that can use them. */
  readonly workerHost?: WorkerHost | undefined;
  /** Whether to write report.html; true unless given. */
  readonly report?: boolean;
}
