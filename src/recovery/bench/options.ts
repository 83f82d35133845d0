/** How far a benchmark is. It never looks at a clock: who listens does. */
export interface Done {
  /** Of the whole benchmark, in [0, 1]. */
  readonly share: number;
  /** Of what the line speaks of, so far. */
  readonly count: number;
  readonly unit: "steps" | "episodes" | "services" | "policies";
}

/** What every benchmark of recovery takes. */
export interface BenchOptions {
  readonly seed: number;
  /** Seconds instead of minutes, with fewer seeds. */
  readonly quick: boolean;
  readonly onProgress?: (line: string, done?: Done) => void;
}
