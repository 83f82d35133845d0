import type { AlgorithmEntry } from "../algorithm/algorithm.ts";
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Platform } from "./platform.ts";
import type { Store } from "./store.ts";

/** What to train, and in what. */
export interface Task<Config, A extends Space, O extends Space, B extends A> {
  readonly algorithm: Pick<AlgorithmEntry<Config, A>, "name" | "run" | "defaults">;
  readonly makeEnv: () => Env<O, B>;
  /** Where the arithmetic is done; the algorithm's own choice unless given. */
  readonly kernel?: Kernel | undefined;
}

/** Where a run lives, and how to stop it. */
export interface RunHost {
  readonly store: Store;
  readonly platform: Platform;
  /** An AbortSignal, or anything like it. */
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Whether to write report.html; true unless given. */
  readonly report?: boolean;
}
